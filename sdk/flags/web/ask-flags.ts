import { isObject } from '../definition.ts'
import { ANSWERS_END, SIGNING } from '../signed-answers.ts'

/** What access answered about one flag: OFREP's success or failure. */
export interface Evaluated {
  key: string
  value?: unknown
  variant?: string
  reason?: string
  errorCode?: string
  errorDetails?: string
  metadata?: Record<string, string | number | boolean>
}

export interface Evaluations {
  etag: string | null
  /** `e3.s1893`; null: another server's, which does not say. */
  number: string | null
  flags: Evaluated[]
}

/** What came with the answers so that they can be kept. Nothing of it is believed until it was judged. */
export interface Offered {
  /** What is signed of the body; undefined: it does not end as ours do. */
  text: string | undefined
  number: string | null
  signature: string | null
  /** The list of keys, if it is another than ours. */
  keys: string | null
}

export type Asked =
  | { outcome: 'answered'; evaluations: Evaluations; stream: Stream | undefined; offered: Offered }
  | { outcome: 'same' }
  /** Not at this moment. */
  | { outcome: 'away'; because: string }
  /** Access does not take our token, or not from this origin. */
  | { outcome: 'refused'; because: string }

/** Where changes are announced. */
export interface Stream {
  url: string
  /** How long a page that nobody looks at goes on listening. */
  inactivityMs: number
}

export interface Asking {
  url: string
  /** A browser token: public, and good for evaluations only. */
  token: string
  fetch: typeof fetch
  timeoutMs: number
}

export interface Question {
  context: Record<string, unknown>
  /** Of what we have; undefined: whatever there is. */
  etag: string | undefined
  /** The tag of the list of keys that we have; undefined: nothing is kept here, and need not be signed. */
  keys: string | undefined
  /** What an event said: so that a process of access that lags behind does not answer from before. */
  because?: { etag?: unknown; lastModified?: unknown } | undefined
  signal: AbortSignal
}

/** A few thousand flags are half of it. */
const ANSWER_CHARACTERS_MAX = 4 * 1024 * 1024
const PATH = '/ofrep/v1/evaluate/flags'
/** As the protocol has it where nothing is said. */
const INACTIVITY_S = 120

/** `POST /ofrep/v1/evaluate/flags`, once. Never throws. */
export async function askFlags(asking: Asking, question: Question): Promise<Asked> {
  const { url, token, fetch: fetcher, timeoutMs } = asking
  const { context, etag, keys, because, signal } = question
  try {
    const response = await fetcher(url + PATH + queryOf(because), {
      method: 'POST',
      headers: {
        ...{ accept: 'application/json', 'content-type': 'application/json', authorization: `Bearer ${token}` },
        ...(etag !== undefined && { 'if-none-match': etag }),
        ...(keys !== undefined && { [SIGNING.ask]: keys }),
      },
      body: JSON.stringify({ context }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    return await read(response, url)
  } catch {
    return { outcome: 'away', because: 'Holdfast does not answer.' }
  }
}

async function read(response: Response, url: string): Promise<Asked> {
  const { status, headers } = response
  if (status === 304) return { outcome: 'same' }
  const text = await response.text()
  const said = text.length <= ANSWER_CHARACTERS_MAX ? parse(text) : undefined
  if (status === 401 || status === 403)
    return { outcome: 'refused', because: `Holdfast does not take this browser token here (HTTP ${status}).` }
  if (status !== 200 || !isObject(said) || !Array.isArray(said.flags))
    return { outcome: 'away', because: `Holdfast answers HTTP ${status}.` }
  const number = headers.get('holdfast-flags-number')
  const evaluations = { etag: headers.get('etag'), number, flags: said.flags.filter(isEvaluated) }
  const [signature, keys] = [headers.get(SIGNING.signature), headers.get(SIGNING.keys)]
  const offered = { text: signedPartOf(text), number, signature, keys }
  return { outcome: 'answered', evaluations, stream: streamIn(said.eventStreams, url), offered }
}

/** The last one is ours: within a value its quotes would be escaped, and as a name it would stand before. */
function signedPartOf(text: string): string | undefined {
  const end = text.lastIndexOf(ANSWERS_END)
  return end < 0 ? undefined : text.slice(0, end)
}

/** The flags in what was signed; undefined: there are none. */
export function flagsIn(signedPart: string): Evaluated[] | undefined {
  const said = parse(`${signedPart}}`)
  return isObject(said) && Array.isArray(said.flags) ? said.flags.filter(isEvaluated) : undefined
}

function queryOf({ etag, lastModified }: NonNullable<Question['because']> = {}): string {
  const query = new URLSearchParams()
  if (typeof etag === 'string') query.set('flagConfigEtag', etag)
  if (typeof lastModified === 'number') query.set('flagConfigLastModified', String(lastModified))
  return query.size > 0 ? `?${query}` : ''
}

/** The first stream that we can read: `url`, or `endpoint` with an origin that is access's own when it is left out. */
function streamIn(streams: unknown, url: string): Stream | undefined {
  const all = Array.isArray(streams) ? streams.filter(isObject) : []
  const stream = all.find(({ type }) => type === 'sse')
  const { origin = url, requestUri } = isObject(stream?.endpoint) ? stream.endpoint : {}
  const found = typeof stream?.url === 'string' ? stream.url : requestUri
  const href = typeof found === 'string' ? URL.parse(found, String(origin))?.href : undefined
  const inactivityS = typeof stream?.inactivityDelaySec === 'number' ? stream.inactivityDelaySec : INACTIVITY_S
  return href === undefined ? undefined : { url: href, inactivityMs: inactivityS * 1000 }
}

const isEvaluated = (value: unknown): value is Evaluated => isObject(value) && typeof value.key === 'string'

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
