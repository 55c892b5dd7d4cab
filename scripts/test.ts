import { existsSync, globSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { run } from 'node:test'

/**
 * Runs the tests of every workspace: `npm test`, or `npm test -- supervisor sdk/` for those whose path holds one of the
 * words. One PostgreSQL for the whole run. The last line is `N passed, N failed`.
 */
const ROOT = join(import.meta.dirname, '..')
const FOLDERS = '{server,sdk,cli,cluster,doubles,docs,drills,examples,console,scripts}'
/** Two cores are what the smallest CI machine has; more at once makes real servers miss real deadlines. */
const CONCURRENCY = 2
/** A test file that hangs must not hold the run for ever. */
const FILE_MS = 10 * 60_000
const OUTPUT_LENGTH_MAX = 8000
const CHROMIUM = '/usr/bin/chromium'
const isCi = process.env.CI === 'true'

interface Counts {
  passed: number
  failed: number
  cancelled: number
  skipped: number
  todo: number
}
interface Failure {
  file: string
  name: string
  error: string
}

// The settings of whoever runs the tests are not the tests'.
for (const name of Object.keys(process.env)) if (name.startsWith('HOLDFAST_')) delete process.env[name]
// Hundreds of processes read the same modules: what one has compiled, the next ones take as it is.
process.env.NODE_COMPILE_CACHE ??= join(ROOT, '.scratch/compiled')

const words = process.argv.slice(2)
const chosen = testFiles(words)
const skippedFiles = existsSync(CHROMIUM) ? [] : chosen.filter((file) => file.endsWith('.browser.test.ts'))
const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort())

const failures: Failure[] = []
const output = new Map<string, string>()
const counts = await runAll(chosen.filter((file) => !skippedFiles.includes(file)))
process.exitCode = report(counts)

function testFiles(wanted: readonly string[]): string[] {
  const exclude = ['**/node_modules/**', '**/dist/**']
  const all = globSync([`${FOLDERS}/**/*.test.{ts,tsx}`, '*.test.ts'], { cwd: ROOT, exclude }).sort()
  if (wanted.length === 0) return all
  const named = wanted.filter((word) => isAbsolute(word) && existsSync(word)).map((path) => relative(ROOT, path))
  const parts = [...wanted.map((word) => word.replace(/^\.\//, '')), ...named]
  return [...new Set([...all.filter((file) => parts.some((part) => file.includes(part))), ...named])]
}

async function runAll(files: readonly string[]): Promise<Counts> {
  const total: Counts = { passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 }
  if (files.length === 0) return total
  const options = {
    files: files.map((file) => join(ROOT, file)),
    cwd: ROOT,
    concurrency: CONCURRENCY,
    timeout: FILE_MS,
    signal: interruption.signal,
    globalSetupPath: join(ROOT, 'server/platform/testing/global-setup.ts'),
  }
  for await (const event of run(options)) {
    if (event.type === 'test:fail') noteFailure(event.data)
    if (event.type === 'test:stderr' || event.type === 'test:stdout') noteOutput(event.data)
    if (event.type !== 'test:summary') continue
    const { file, counts: told, duration_ms: tookMs } = event.data
    if (file) printFile(relative(ROOT, file), told, tookMs)
    else Object.assign(total, told)
  }
  return total
}

/** What servers and children say is worth reading when a test of theirs failed, and in the way otherwise. */
function noteOutput({ file, message }: { file?: string | undefined; message: string }): void {
  const name = file ? relative(ROOT, file) : ''
  output.set(name, `${output.get(name) ?? ''}${message}`.slice(-OUTPUT_LENGTH_MAX))
}

interface Failed {
  name: string
  file?: string | undefined
  details: { error: Error & { failureType?: string } }
}

function noteFailure({ name, file, details }: Failed): void {
  // A suite, or a file, fails with what is in it.
  if (details.error.failureType === 'subtestsFailed') return
  const cause = details.error.cause instanceof Error ? details.error.cause : details.error
  const error = cause.stack ?? cause.message
  failures.push({
    name,
    file: file ? relative(ROOT, file) : '',
    error: details.error.cause ? error : String(details.error.message),
  })
}

function printFile(file: string, { passed, failed, cancelled, skipped }: Counts, tookMs: number): void {
  const bad = failed + cancelled
  const rest = [bad > 0 && `${bad} failed`, skipped > 0 && `${skipped} skipped`].filter(Boolean).join(', ')
  console.log(
    `${bad > 0 ? '✖' : '✔'} ${file.padEnd(64)} ${String(passed).padStart(3)} passed ${rest.padEnd(12)} ${(tookMs / 1000).toFixed(1)} s`,
  )
}

/** Exit code. Nothing that ran is not "all passed", and in CI nothing may be left out. */
function report({ passed, failed, cancelled, skipped, todo }: Counts): number {
  for (const { file, name, error } of failures) console.log(`\n✖ ${file}: ${name}\n${error.replace(/^/gm, '    ')}`)
  for (const file of new Set(failures.map((failure) => failure.file))) {
    if (output.has(file)) console.log(`\n${file} said:\n${output.get(file)!.replace(/^/gm, '    ')}`)
  }
  const left = skipped + todo + skippedFiles.length
  let bad = failed + cancelled
  if (skippedFiles.length > 0) {
    console.log(`\n${skippedFiles.length} browser test files were skipped: no ${CHROMIUM} (apt-get install chromium).`)
  }
  if (isCi && left > 0) {
    console.log('\nWith CI=true nothing may be skipped: install what is missing, or mend the test.')
    bad += left
  }
  if (passed + bad === 0)
    console.log(words.length > 0 ? `\nNo test ran: no path holds ${words.join(' or ')}.` : '\nNo test ran.')
  if (interruption.signal.aborted) console.log('\nThe run was interrupted.')
  console.log(`${passed} passed, ${bad} failed${left > 0 ? `, ${left} skipped` : ''}`)
  return bad === 0 && passed > 0 && !interruption.signal.aborted ? 0 : 1
}
