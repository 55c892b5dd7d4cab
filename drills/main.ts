/** `node drills/main.ts <name>|all`: what `holdfast drill` runs. */
import type { Card } from './frame/card.ts'
import { printCard } from './frame/print-card.ts'
import { printProgress, silent } from './frame/progress.ts'
import { runDrill } from './frame/run-drill.ts'
import { clearLeftovers } from './frame/stage.ts'
import { BadUsage } from './frame/arguments.ts'
import { type Arguments, help, readArguments } from './read-arguments.ts'

process.exitCode = await main(process.argv.slice(2))

async function main(words: string[]): Promise<number> {
  let wanted: Arguments | null
  try {
    wanted = readArguments(words)
  } catch (error) {
    if (!(error instanceof BadUsage)) throw error
    process.stderr.write(`${error.message}\n`)
    return 2
  }
  if (!wanted) {
    process.stdout.write(help())
    return 0
  }
  return play(wanted)
}

async function play({ chosen, isJson, ...run }: Arguments): Promise<number> {
  const interrupt = interrupted()
  const said = await clearLeftovers()
  if (!isJson) for (const sentence of said) process.stderr.write(`  ${sentence}\n`)

  const cards: Card[] = []
  for (const drill of chosen) {
    if (interrupt.aborted) break
    const expectedMs = drill.expectedMs(run) * run.armNames.length
    const progress = isJson ? silent : printProgress(process.stderr, expectedMs)
    const card = await runDrill(drill, { ...run, interrupt, progress })
    progress.end()
    cards.push(card)
    if (!isJson) process.stdout.write(printCard(card, { isColoured: process.stdout.isTTY === true }))
  }
  // One drill is one card; of all, a list.
  if (isJson) process.stdout.write(`${JSON.stringify(cards.length === 1 ? cards[0] : cards, null, 2)}\n`)
  return cards.length > 0 && cards.every((card) => card.verdict === 'held') ? 0 : 1
}

/**
 * The first signal lets the drill thaw, stop and remove what it made; a second one does not wait for that: the guardian,
 * which is another process, then does it.
 */
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
