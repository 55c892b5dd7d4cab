import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type FlagContext, evaluate } from '../../../../sdk/evaluate.ts'
import { ANSWERS_END, SIGNING } from '../../../../sdk/flags/signed-answers.ts'
import { compareNumbers, readNumber, sayNumber, type SnapshotNumber } from '../../../../sdk/flags/snapshot.ts'
import {
  type Answer,
  bytes,
  type Call,
  empty,
  type FastAnswer,
  type FastCall,
  json,
} from '../../../platform/http/index.ts'
import { isNamed } from './entity-tag.ts'
import type { Asker, Held, Parts } from './parts.ts'
import { recognise, recogniseAtOnce } from './recognise.ts'
import { refuse } from './refusals.ts'
import { itemOf } from './say-evaluation.ts'
import { signatureOf } from './sign-answers.ts'
import type { Told } from './view.ts'

/** As long as somebody who has heard of a newer number waits for it here. */
const REACH_MS = 500
const RETRY_S = 2
/** Less is not worth packing; a set of a few hundred flags is. */
const PACKED_FROM_CHARS = 16 * 1024
/** What a client does without activity, as the protocol has it: the stream of a hidden page is let go. */
const INACTIVITY_S = 120

const pack = promisify(gzip) as (text: string) => Promise<Buffer>

interface Bulk {
  told: Told
  /** Without its quotes. */
  tag: string
  /** Where changes are announced: path and query. */
  uri: string
}

/** All flags for one context, with where to listen for changes. */
function bulkOf(parts: Parts, held: Held, asker: Asker, asked: { body: string; context: () => FlagContext }): Bulk {
  const view = parts.views.of(held, asker)
  const told = view.tell(asked.body, asked.context)
  if (view.usesTime) parts.announcer.note(asker.kind, asked.body, asked.context())
  const { uri, mark } = parts.streams.of(asker)
  return { told, tag: `${told.digest}.${mark}`, uri }
}

/** Put together only when it is sent: most that come again are told that nothing changed. */
const jsonOf = ({ told, uri }: Bulk) =>
  `${told.json}${ANSWERS_END}[{"type":"sse","endpoint":{"requestUri":"${uri}"},"inactivityDelaySec":${INACTIVITY_S}}]}`

/** What nearly every question ends with; undefined leaves it to `answerFlags`, which says the same and more. */
export function answerFlagsAtOnce(parts: Parts, { headers, query, body }: FastCall): FastAnswer | undefined {
  // Pages of other sites are few beside services, and their headers the ordinary route knows.
  if (query !== '' || headers.origin !== undefined) return undefined
  const held = parts.flags.current()
  const asker = held && recogniseAtOnce(parts, headers)
  if (!held || !asker) return undefined
  const context = () => contextOf(body === '' ? undefined : JSON.parse(body))
  const bulk = bulkOf(parts, held, asker, { body, context })
  if (isPackedFor(bulk, headers['accept-encoding'] as string | undefined)) return undefined
  const etag = `"${bulk.tag}"`
  const said = [...toldBy(held), 'etag', etag, 'vary', VARY]
  if (isNamed(etag, headers['if-none-match'])) return { status: 304, json: '', headers: said }
  const signing = headers[SIGNING.ask]
  if (signing !== undefined) {
    const signed = signatureOf(parts, held, { told: bulk.told, context, asked: signing })
    said.push(...Object.entries(signed).flat())
  }
  return { json: jsonOf(bulk), headers: said }
}

const VARY = 'accept-encoding, origin'

export async function answerFlags(parts: Parts, call: Call): Promise<Answer> {
  const asker = await recognise(parts, call.headers)
  const held = await heldFor(parts, call.query)
  const context = contextOf(call.body)
  const body = call.body === undefined ? '' : JSON.stringify(call.body)
  const bulk = bulkOf(parts, held, asker, { body, context: () => context })
  const isPacked = isPackedFor(bulk, call.headers['accept-encoding'])
  const etag = isPacked ? `"${bulk.tag}-gzip"` : `"${bulk.tag}"`
  const headers = { ...headersOf(held), etag, vary: 'accept-encoding' }
  if (isNamed(`"${bulk.tag}"`, call.headers['if-none-match'])) return empty(304, { headers })
  const signing = { told: bulk.told, context: () => context, asked: call.headers[SIGNING.ask] }
  const signed = signatureOf(parts, held, signing)
  const said = jsonOf(bulk)
  const content = isPacked ? await pack(said) : Buffer.from(said)
  return bytes(200, 'application/json; charset=utf-8', content, {
    headers: { ...headers, ...signed, ...(isPacked && { 'content-encoding': 'gzip' }) },
  })
}

const isPackedFor = (
  {
    told: {
      json: { length },
    },
  }: Bulk,
  accepted: string | undefined,
) => length >= PACKED_FROM_CHARS && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(accepted ?? '')

/** One flag. What is not marked for browsers is not there for them. */
export async function answerFlag(parts: Parts, call: Call, key: string): Promise<Answer> {
  const asker = await recognise(parts, call.headers)
  const held = await heldFor(parts, call.query)
  const context = contextOf(call.body)
  const flag = parts.views.of(held, asker).find(key)
  const evaluation = flag ? evaluate(flag, context, parts.clock.now().getTime()) : held.set.notFound(key)
  const item = itemOf(key, evaluation)
  return json(statusOf(item.errorCode), item, { headers: headersOf(held) })
}

/** As flagd answers: what is wrong with the flag, or with it for this context, is 400. */
function statusOf(errorCode: string | undefined): number {
  if (errorCode === undefined) return 200
  return errorCode === 'FLAG_NOT_FOUND' ? 404 : 400
}

/** Without a body, and without a targetingKey: nobody in particular. */
function contextOf(body: unknown): FlagContext {
  if (body === undefined || body === null) return {}
  if (!isObject(body)) throw refuse('not_an_object')
  const { context } = body
  if (context === undefined || context === null) return {}
  if (!isObject(context)) throw refuse('bad_context')
  return context
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is served, at least of the number that the caller was told of. */
async function heldFor({ flags }: Parts, query: unknown): Promise<Held> {
  const wanted = numberIn(query)
  const held = flags.current()
  if (!wanted || (held && compareNumbers(held, wanted) >= 0)) {
    if (!held) throw refuse('none_yet', { retry_after_s: RETRY_S })
    return held
  }
  const reached = await flags.reach(wanted, REACH_MS)
  if (!reached) throw refuse('not_reached', { number: sayNumber(wanted), retry_after_s: 1 })
  return reached
}

/** A tag of another server's making says nothing here. */
function numberIn(query: unknown): SnapshotNumber | undefined {
  return readNumber(((query ?? {}) as { flagConfigEtag?: unknown }).flagConfigEtag)
}

/** In headers, so that the body stays what it was, byte by byte. */
function headersOf(held: Held): Record<string, string> {
  const ageMs = held.ageMs()
  return {
    [TOLD.source]: held.source,
    [TOLD.number]: sayNumber(held),
    ...(ageMs !== null && { [TOLD.age]: String(Math.round(ageMs)) }),
  }
}

/** The same, flat. Written out: an object and its entries were a tenth of a 304. */
function toldBy(held: Held): string[] {
  const ageMs = held.ageMs()
  const said = [TOLD.source, held.source, TOLD.number, sayNumber(held)]
  return ageMs === null ? said : [...said, TOLD.age, String(Math.round(ageMs))]
}

/** `age`: milliseconds since the database last said that there is nothing newer; missing when it has not yet, in this process. */
export const TOLD = {
  source: 'holdfast-flags-source',
  number: 'holdfast-flags-number',
  age: 'holdfast-flags-age',
} as const
