/** `node bench/main.ts <bench>`: what `holdfast bench` and `npm run bench` run. */
import { printProgress, silent } from '../drills/frame/progress.ts'
import { clearLeftovers, openStage } from '../drills/frame/stage.ts'
import { printReport } from './print-report.ts'
import { BadUsage } from '../drills/frame/arguments.ts'
import { type Arguments, help, readArguments } from './read-arguments.ts'
import { runBench } from './run/run-bench.ts'

/** What a turn takes beside its own time: warming, the first and the last answers, a restart. */
const TURN_MARGIN_MS = 1500

process.exitCode = await main(process.argv.slice(2))

async function main(words: string[]): Promise<number> {
  try {
    const wanted = readArguments(words)
    if (wanted) return await bench(wanted)
    process.stdout.write(help())
    return 0
  } catch (error) {
    if (!(error instanceof BadUsage)) throw error
    process.stderr.write(`${error.message}\n`)
    return 2
  }
}

async function bench(wanted: Arguments): Promise<number> {
  const { isJson, isKept, ...run } = wanted
  const interrupt = interrupted()
  for (const sentence of await clearLeftovers()) process.stderr.write(`  ${sentence}\n`)
  const expectedMs = run.bench.fixedMs + (run.rounds + 2) * run.chosen.length * (run.seconds * 1000 + TURN_MARGIN_MS)
  const progress = isJson ? silent : printProgress(process.stderr, expectedMs)
  try {
    await using stage = await openStage({ boundMs: 3 * expectedMs, interrupt, isKept })
    if (isKept) process.stderr.write(`  folder and logs stay in ${stage.folder}\n`)
    const report = await runBench(stage, progress, run)
    progress.end()
    process.stdout.write(isJson ? `${JSON.stringify(report, null, 2)}\n` : printReport(report))
    return report.verdict === 'met' ? 0 : 1
  } catch (error) {
    progress.end()
    const why = interrupt.aborted
      ? 'Interrupted. What the bench had started was ended.'
      : `It broke: ${messageOf(error)}`
    process.stderr.write(`${why}\n`)
    return 1
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/** The first signal ends all that was started; a second one leaves that to the guardian, which is another process. */
function interrupted(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(1)
      controller.abort(new Error(`Interrupted by ${signal}.`))
    })
  }
  return controller.signal
}
