import { createHash } from 'node:crypto'
import type { Clock } from './clock.ts'
import { type Database, type Queries, sql } from './database/index.ts'
import type { Answer, Call } from './http/index.ts'
import { type ListedRefusal, refusals } from './refusal.ts'
import type { Secret } from './secret.ts'

const refuse = refusals('idempotency', {
  bad_key: [400, 'An Idempotency-Key has 1 to 255 visible ASCII characters.'],
  reused: [422, 'This Idempotency-Key was used for another request. Use a new key for a new request.'],
  in_progress: [409, 'The first request with this Idempotency-Key is still under way. Send it again in a second.'],
})
export const idempotencyRefusals: readonly ListedRefusal[] = refuse.listed

export interface OnceParts {
  db: Database
  clock: Clock
  secret: Secret
}

/** An answer is repeated for so long; IETF draft-ietf-httpapi-idempotency-key-header leaves it to us, Stripe takes a day. */
export const KEY_KEPT_MS = 24 * 60 * 60_000
const KEY = /^[\x21-\x7e]{1,255}$/
const PURPOSE = 'idempotency'
const FORGET_MAX = 5000

interface Kept {
  request_digest: Buffer
  status: number
  body_sealed: string
}

/**
 * Runs a write in one transaction; with the header `Idempotency-Key`, at most once: the key and the answer commit with
 * the effect, so that a caller whose answer was lost may send the request again and gets that answer.
 *
 * Keys belong to their caller and to the address they were sent to. Answers are sealed: some hold a token that is shown once.
 * Only JSON answers that are no refusal are kept; a refusal rolls everything back.
 */
export async function once(parts: OnceParts, call: Call, work: (db: Queries) => Promise<Answer>): Promise<Answer> {
  const key = call.headers['idempotency-key']
  if (key === undefined) return parts.db.transaction(work)
  if (!KEY.test(key)) throw refuse('bad_key')
  const digest = keyDigest(call, key)
  const request = createHash('sha256')
    .update(JSON.stringify(call.body ?? null))
    .digest()

  return parts.db.transaction(async (db) => {
    const { isFree } = await db.one<{ isFree: boolean }>(sql`
      select pg_try_advisory_xact_lock(${digest.readBigInt64BE(0).toString()}::bigint) as "isFree"`)
    if (!isFree) throw refuse('in_progress')
    const now = parts.clock.now()
    const kept = await db.maybe<Kept>(sql`
      select request_digest, status, body_sealed
        from platform.idempotency_key
       where digest = ${digest}
         and forget_at > ${now}`)
    if (kept) return repeated(parts.secret, kept, request)

    const answer = await work(db)
    if (answer.kind !== 'json' && answer.kind !== 'empty') throw new Error('only JSON can be answered twice')
    const body = parts.secret.seal(PURPOSE, JSON.stringify(answer.kind === 'json' ? answer.body : null))
    await db.run(sql`
      insert into platform.idempotency_key (digest, request_digest, status, body_sealed, forget_at)
      values (${digest}, ${request}, ${answer.status}, ${body}, ${new Date(now.getTime() + KEY_KEPT_MS)})
      on conflict (digest) do update
         set request_digest = excluded.request_digest,
             status = excluded.status,
             body_sealed = excluded.body_sealed,
             forget_at = excluded.forget_at`)
    return answer
  })
}

function repeated(secret: Secret, kept: Kept, request: Buffer): Answer {
  if (!kept.request_digest.equals(request)) throw refuse('reused')
  const headers = { 'idempotent-replayed': 'true' }
  if (kept.status === 204) return { kind: 'empty', status: 204, headers }
  return { kind: 'json', status: kept.status, body: JSON.parse(secret.unseal(PURPOSE, kept.body_sealed)), headers }
}

function keyDigest(call: Call, key: string): Buffer {
  const who = call.actor?.id ?? call.application ?? ''
  return createHash('sha256').update([who, call.method, call.path, key].join('\n')).digest()
}

/** For the feature that cleans up. */
export async function forgetIdempotencyKeys(db: Queries, now: Date): Promise<number> {
  return db.run(sql`
    delete from platform.idempotency_key
     where digest in (
       select digest from platform.idempotency_key where forget_at <= ${now} order by forget_at limit ${FORGET_MAX})`)
}
