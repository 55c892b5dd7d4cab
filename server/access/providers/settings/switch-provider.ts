import type { Queries } from '../../../platform/database/index.ts'
import { byCaller } from '../../../ground/audit/index.ts'
import { forgetStale } from '../health/queries.ts'
import type { Parts } from '../parts.ts'
import type { Provider } from '../provider.ts'
import * as queries from '../queries.ts'
import { refuse } from '../refusals.ts'
import type { Caller } from './add-provider.ts'
import { lockedProvider } from './change-provider.ts'
import { toProvider } from './told.ts'

/** Only after a test that went well with the settings it has now: nobody is sent to a page that says "invalid client". */
export async function enableProvider(parts: Parts, db: Queries, call: Caller, id: string): Promise<Provider> {
  const before = await lockedProvider(db, id)
  if (!before.tested_at) throw refuse('not_tested')
  if (!before.is_enabled) await forgetStale(db, id, STALE_MS, OFFERED_AGAIN)
  return setEnabled(parts, db, call, { before, isEnabled: true })
}

/** Whoever switches a provider that is down off and on again within it changes nothing; an outage of last month opens nothing today. */
const STALE_MS = 10 * 60_000
const OFFERED_AGAIN = {
  sentence: 'It is offered again, and nobody has looked at it yet.',
  faults: [],
  processes: { saw: 0, live: 0 },
  is_control_good: null,
}

/** Nobody is sent there any more. Sessions that it has vouched for go on; who only has this way has none. */
export async function disableProvider(parts: Parts, db: Queries, call: Caller, id: string): Promise<Provider> {
  return setEnabled(parts, db, call, { before: await lockedProvider(db, id), isEnabled: false })
}

async function setEnabled(
  parts: Parts,
  db: Queries,
  call: Caller,
  { before, isEnabled }: { before: queries.ProviderRow; isEnabled: boolean },
): Promise<Provider> {
  const { id } = before
  const isNews = before.is_enabled !== isEnabled
  const row = isNews ? await queries.setEnabled(db, id, isEnabled, parts.clock.now()) : before
  const domains = (await queries.domainsOf(db, [id])).map(({ domain }) => domain)
  if (isNews) {
    const action = isEnabled ? 'provider.enabled' : 'provider.disabled'
    await parts.audit(db, { by: byCaller(call), action, subject: { kind: 'provider', id } })
  }
  return toProvider(row, domains)
}

/**
 * With everything that was learned of it. People keep their accounts and their other ways in; who they are there is kept too,
 * and good again when it is added again with the same issuer.
 */
export async function deleteProvider(parts: Parts, db: Queries, call: Caller, id: string): Promise<void> {
  const { issuer, preset } = await lockedProvider(db, id)
  await queries.noteLast(db, id)
  await queries.deleteProvider(db, id)
  await parts.audit(db, {
    by: byCaller(call),
    action: 'provider.deleted',
    subject: { kind: 'provider', id },
    facts: { issuer, preset },
  })
}
