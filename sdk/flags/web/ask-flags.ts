import { isObject } from '../definition.ts'

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
  flags: Evaluated[]
}

export type Asked =
  | { outcome: 'answered'; evaluations: Evaluations; stream: Stream | undefined }
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
export async function askFlags(asking: Asking, { context, etag, because, signal }: Question): Promise<Asked> {
  const { url, token, fetch: fetcher, timeoutMs } = asking
  try {
    const response = await fetcher(url + PATH + queryOf(because), {
      method: 'POST',
      headers: {
        ...{ accept: 'application/json', 'content-type': 'application/json', authorization: `Bearer ${token}` },
        ...(etag !== undefined && { 'if-none-match': etag }),
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
  const evaluations = { etag: headers.get('etag'), flags: said.flags.filter(isEvaluated) }
  return { outcome: 'answered', evaluations, stream: streamIn(said.eventStreams, url) }
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

export const isEvaluated = (value: unknown): value is Evaluated => isObject(value) && typeof value.key === 'string'

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
