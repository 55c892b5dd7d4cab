import { type Audit, BY_ITSELF } from '../../../ground/audit/index.ts'
import type { Signal } from '../../../ground/signals/index.ts'
import { type Database, databaseNow, type Queries } from '../../../platform/database/index.ts'
import { isOpen } from '../verdict.ts'
import { cutOffOf, EXCHANGE_WINDOW_MS, type Judged, judge, type Look, type VerdictRow, WINDOW_MS } from './judge.ts'
import * as queries from './queries.ts'

/** Five missed beats of a process: then it counts no more. */
export const LIVE_MS = 15_000
/** More access processes than anybody runs. */
export const PROCESSES_MAX = 500
/** Of one provider in the window of the judge: two hundred processes' worth. */
const EVIDENCE_MAX = 10_000
export const PROVIDERS_MAX = 1_000

export interface DecideParts {
  background: Database
  signal: Signal
  audit: Audit
  processId: string
}

/**
 * Judges one provider by everything that all processes saw. Any process may: the row is changed only if it still has the
 * epoch that was judged, so of many that come to the same result one makes the switch. Answers the row that is new.
 */
export async function decide(parts: DecideParts, providerId: string): Promise<VerdictRow | undefined> {
  return parts.background.transaction(async (db) => {
    const look = await readLook(db, parts.processId, providerId)
    const cutOff = cutOffOf(look)
    if (cutOff.has(parts.processId)) await tellCutOff(parts, db, look, cutOff.size)
    const judged = await judgeWithOthers(db, { ...look, cutOff }, providerId)
    const next = nextRow(look, judged, providerId)
    if (!next) await renewWhy(db, look, judged)
    if (!next || !(await queries.moveVerdict(db, next, look.before?.epoch))) return undefined
    await tell(parts, db, look, next)
    return next
  })
}

async function readLook(db: Queries, processId: string, providerId: string): Promise<Look> {
  const before = await queries.findVerdict(db, providerId)
  const evidence = await queries.recentEvidence(db, {
    providerId,
    windowMs: WINDOW_MS,
    exchangeWindowMs: EXCHANGE_WINDOW_MS,
    limit: EVIDENCE_MAX,
  })
  const beating = await queries.liveProcesses(db, LIVE_MS, PROCESSES_MAX)
  const live = beating.includes(processId) ? beating : [...beating, processId]
  return { before, evidence, live, others: [], now: await databaseNow(db) }
}

/** How the others do matters only when this one seems down. */
async function judgeWithOthers(
  db: Queries,
  { cutOff, ...look }: Look & { cutOff: ReadonlySet<string> },
  providerId: string,
): Promise<Judged> {
  const alone = judge(look)
  if (alone.state !== 'down') return alone
  // To whoever is cut off everything looks down.
  const live = look.live.filter((process) => !cutOff.has(process))
  const asked = { providerId, live, windowMs: WINDOW_MS, limit: PROVIDERS_MAX }
  return judge({ ...look, others: await queries.othersNow(db, asked) })
}

/** Undefined: nothing is to be written. */
function nextRow({ before, now }: Look, judged: Judged, providerId: string): VerdictRow | undefined {
  const hasExpired = before?.ordered_until != null && before.ordered_until <= now
  const isSame = before && before.state === judged.state && before.since.getTime() === judged.since.getTime()
  if (isSame && !hasExpired) return undefined
  const order = before && !hasExpired ? before : NO_ORDER
  const { ordered, ordered_reason, ordered_by, ordered_at, ordered_until } = order
  return {
    ...judged,
    ...{ ordered, ordered_reason, ordered_by, ordered_at, ordered_until },
    provider_id: providerId,
    epoch: (before?.epoch ?? 0) + 1,
    decided_at: now,
    decided_by: BY_ITSELF.id,
  }
}

/** Nothing has changed but what it stands on: no epoch, no history. */
async function renewWhy(db: Queries, { before }: Look, { why }: Judged): Promise<void> {
  if (before && before.why.sentence !== why.sentence) await queries.renewWhy(db, before, why)
}

export const NO_ORDER = {
  ordered: null,
  ordered_reason: null,
  ordered_by: null,
  ordered_at: null,
  ordered_until: null,
} as const

/**
 * Of this process alone, once until it was well for a while: it says nothing of any provider, and whoever comes to it is not
 * sent to any. Nobody would notice otherwise, for the others answer for it.
 */
async function tellCutOff(parts: DecideParts, db: Queries, { live }: Look, cutOff: number): Promise<void> {
  if (!(await queries.noteCutOff(db, parts.processId))) return
  const sentence = `Neither providers nor control targets answer this process (${cutOff} of ${live.length} are so), while they answer others. It counts as no witness.`
  const facts = { name: parts.processId, sentence, cut_off: cutOff, live: live.length }
  await parts.signal(db, { kind: 'own-network.suspected', subject: parts.processId, facts })
}

/** What was known of a switch before it, for whoever reads signals and the audit later. */
async function tell(parts: DecideParts, db: Queries, { before, now }: Look, next: VerdictRow): Promise<void> {
  await queries.insertChange(db, next, isOpen(next, { now, unknownOpens: false }))
  const name = await queries.nameOf(db, next.provider_id)
  const facts = { name, state: next.state, sentence: next.why.sentence, epoch: next.epoch }
  const say = (kind: string) => parts.signal(db, { kind, subject: next.provider_id, facts })
  const audit = (action: string) =>
    parts.audit(db, { by: BY_ITSELF, action, subject: { kind: 'provider', id: next.provider_id }, facts })
  if (before?.ordered && !next.ordered) await say('provider.order-expired')
  const wasOpen = before?.open_since != null
  if (next.open_since && !wasOpen) {
    await say('provider.down')
    await audit('provider.opened')
  }
  if (!next.open_since && wasOpen) {
    await say('provider.back')
    await audit('provider.closed')
  }
  if (before?.state === next.state) return
  // Named apart: whoever is woken by it looks at our own network, not at the provider's.
  if (next.state === 'unknown') await say('own-network.suspected')
  if (next.state === 'suspect' && before?.state !== 'unknown') await say('provider.suspect')
}
