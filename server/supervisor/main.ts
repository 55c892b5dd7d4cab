import { supervise } from './supervise.ts'

const known = ['--demo', '--watch']
const unknown = process.argv.slice(2).find((word) => !known.includes(word))
if (unknown !== undefined) {
  process.stderr.write(`holdfast: start has no option "${unknown}": see "holdfast start --help".\n`)
  process.exit(2)
}

process.exit(
  await supervise({ withDemo: process.argv.includes('--demo'), withWatch: process.argv.includes('--watch') }),
)
