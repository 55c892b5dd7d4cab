import { once } from 'node:events'
import { auditAt } from '../../../../ground/audit/index.ts'
import { signalAt } from '../../../../ground/signals/index.ts'
import { systemClock } from '../../../../platform/clock.ts'
import { openDatabaseServer } from '../../../../platform/database/index.ts'
import { silentLog } from '../../../../platform/log.ts'
import { decide } from '../decide.ts'

/**
 * An access process, as far as the verdict needs one: whatever it is told is a provider that it judges at once, and it answers
 * whether it made the change.
 */
const [databaseUrl, processId] = process.argv.slice(2) as [string, string]
const database = openDatabaseServer({ url: databaseUrl, name: processId, clock: systemClock, log: silentLog })
const now = () => systemClock.now()
const parts = {
  background: database.database('background'),
  signal: signalAt(now),
  audit: auditAt(now),
  processId,
}
process.on('message', (providerId: string) => {
  decide(parts, providerId).then(
    (row) => process.send!({ hasChanged: row !== undefined }),
    (error: Error) => process.send!({ failed: error.message }),
  )
})
process.send!({ isReady: true })
await once(process, 'disconnect')
await database[Symbol.asyncDispose]()
