import { parseArgs } from 'node:util'
import { ConfigRefused } from '../config.ts'
import { systemClock } from '../platform/clock.ts'
import { runScale } from './run-scale.ts'
import { LARGE } from './seed/size.ts'

/** `npm run scale [-- --json] [--keep-statistics] [--folder <where the database stays>] [--users <fewer>]` */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    'keep-statistics': { type: 'boolean', default: false },
    folder: { type: 'string' },
    users: { type: 'string', default: String(LARGE.users) },
  },
})
const users = Number(values.users)
if (!Number.isInteger(users) || users < 1000)
  throw new ConfigRefused([`--users is a number from 1000 on, not ${values.users}`])
const size = { users, organizations: Math.round(users / 10), sessions: users * 2 }

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(new Error(signal)))

const say = (line: string) => void process.stderr.write(`${line}\n`)
try {
  const { text, isGood } = await runScale({
    size,
    folder: values.folder,
    isJson: values.json,
    keepsStatistics: values['keep-statistics'],
    clock: systemClock,
    signal: interrupted.signal,
    onProgress: say,
  })
  process.stdout.write(`${text}\n`)
  process.exitCode = isGood ? 0 : 1
} catch (error) {
  if (!interrupted.signal.aborted) throw error
  say(`${(interrupted.signal.reason as Error).message}: everything is cleared away`)
  process.exitCode = 130
}
// What was started is stopped; connections that a client keeps must not hold us.
process.exit()
