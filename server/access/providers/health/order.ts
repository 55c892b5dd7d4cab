import { type Static, Type } from 'typebox'
import { type Audit, type By, byCaller } from '../../../ground/audit/index.ts'
import type { Signal } from '../../../ground/signals/index.ts'
import { databaseNow, type Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { refuse } from '../refusals.ts'
import { isOpen, type Verdict } from '../verdict.ts'
import { NO_ORDER } from './decide.ts'
import { judge, type VerdictRow } from './judge.ts'
import * as queries from './queries.ts'

/** A day: what has to hold for longer is ordered again, by somebody who has looked again. */
export const ORDER_MINUTES_MAX = 1_440

export type GiveOrder = Static<typeof GiveOrder>
export const GiveOrder = Type.Object({
  ordered: Type.Union([Type.Literal('open'), Type.Literal('closed')], {
    description: '`open`: people are sent another way. `closed`: they are not, whatever is seen.',
  }),
  reason: Type.String({
    minLength: 1,
    maxLength: 500,
    pattern: '^[^\\u0000]*$',
    description: 'Why, for whoever reads the history.',
    examples: ['Acme has told us that they are down, ticket 4711.'],
  }),
  minutes: Type.Integer({ minimum: 1, maximum: ORDER_MINUTES_MAX, description: 'For how long.', examples: [60] }),
})

export interface OrderParts {
  signal: Signal
  audit: Audit
}

/**
 * Sends people another way than a provider, or forbids that, for a time: somebody may know what Holdfast cannot see. What
 * is seen goes on being judged beneath it, so that nothing jumps when it ends.
 */
export async function giveOrder(
  parts: OrderParts,
  db: Queries,
  call: Call,
  { id, ...order }: GiveOrder & { id: string },
): Promise<Verdict> {
  const { name, before, now } = await lock(db, id)
  const by = byCaller(call)
  const isMore = before.ordered === order.ordered && before.ordered_until! > now
  const next: VerdictRow = {
    ...before,
    ordered: order.ordered,
    ordered_reason: order.reason,
    ordered_by: by.id,
    ordered_at: isMore ? before.ordered_at : now,
    ordered_until: new Date(now.getTime() + order.minutes * 60_000),
  }
  // The reason is free text, and may name somebody: it stands in the verdict, and in no record that cannot be changed.
  const facts = { name, ordered: order.ordered, minutes: order.minutes }
  return move(parts, db, { before, next, now, by, action: 'provider.ordered', facts })
}

/** Whatever is seen decides again, at once. Done twice it is done once. */
export async function clearOrder(parts: OrderParts, db: Queries, call: Call, id: string): Promise<void> {
  const { name, before, now } = await lock(db, id)
  if (!before.ordered) return
  const facts = { name, ordered: before.ordered }
  const next = { ...before, ...NO_ORDER }
  await move(parts, db, { before, next, now, by: byCaller(call), action: 'provider.order-cleared', facts })
}

/** Held until the COMMIT; a provider of which nothing was ever seen gets a row that says so. */
async function lock(db: Queries, id: string): Promise<{ name: string; before: VerdictRow; now: Date }> {
  const name = await queries.nameOf(db, id)
  if (name === undefined) throw refuse('no_provider', { id: id.replace(/[^\w]/g, '') })
  const now = await databaseNow(db)
  const known = await queries.lockVerdict(db, id)
  if (known) return { name, before: known, now }
  const first = judge({ before: undefined, evidence: [], live: [], others: [], now })
  const row = { ...first, ...NO_ORDER, provider_id: id, epoch: 1, decided_at: now, decided_by: 'holdfast' }
  await queries.moveVerdict(db, row, undefined)
  const before = await queries.lockVerdict(db, id)
  if (!before) throw new Error('a verdict was made and is not there')
  return { name, before, now }
}

interface Moving {
  before: VerdictRow
  next: VerdictRow
  now: Date
  by: By
  action: string
  facts: Record<string, unknown>
}

async function move(parts: OrderParts, db: Queries, moving: Moving): Promise<Verdict> {
  const { before, now, by, action, facts } = moving
  const next = { ...moving.next, epoch: before.epoch + 1, decided_at: now, decided_by: by.id }
  if (!(await queries.moveVerdict(db, next, before.epoch))) throw new Error('a verdict moved although it was locked')
  await queries.insertChange(db, next, isOpen(next, { now, unknownOpens: false }))
  await parts.signal(db, { kind: action, subject: next.provider_id, facts })
  await parts.audit(db, { by, action, subject: { kind: 'provider', id: next.provider_id }, facts })
  return next
}
