import { readBody } from '../../read-body.ts'
import { SNAPSHOT_BYTES_MAX, SNAPSHOT_CONTENT_TYPE } from '../snapshot.ts'

export type Fetched =
  /** `ageMs`: since access knew it for the newest; null: it does not know that itself. */
  | { outcome: 'text'; text: string; ageMs: number | null }
  /** Not modified: what we hold is the newest. */
  | { outcome: 'same'; ageMs: number | null }
  /** `sentence`: what a person should know; undefined while it is only away. */
  | { outcome: 'away'; retryAfterMs: number; sentence: string | undefined }

export interface FetchOptions {
  url: string
  /** The application key, sent as a bearer token. */
  key: string
  fetch: typeof fetch
}

/** 32 MiB over a slow line; access itself answers in milliseconds. */
const FETCH_MS = 15_000
const RETRY_AFTER_MAX_MS = 60_000
const REFUSAL_BYTES_MAX = 16 * 1024
const REFUSAL_CHARACTERS_MAX = 300
/** What access knows of the age of what it serves, in milliseconds. */
const AGE = 'holdfast-flags-age'

/** Asks for the newest snapshot once. Never throws. */
export async function fetchSnapshot(
  { url, key, fetch: fetcher }: FetchOptions,
  { etag, signal }: { etag: string | undefined; signal: AbortSignal },
): Promise<Fetched> {
  try {
    const response = await fetcher(`${url}/v1/flags/snapshot`, {
      headers: {
        ...{ accept: SNAPSHOT_CONTENT_TYPE, 'accept-encoding': 'gzip', authorization: `Bearer ${key}` },
        ...(etag !== undefined && { 'if-none-match': `"${etag}"` }),
      },
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(FETCH_MS)]),
    })
    return await read(response)
  } catch {
    return away()
  }
}

async function read(response: Response): Promise<Fetched> {
  const { status, headers, body } = response
  if (status === 304) return { outcome: 'same', ageMs: ageIn(headers) }
  const isSnapshot = headers.get('content-type')?.startsWith(SNAPSHOT_CONTENT_TYPE) ?? false
  if (status === 200 && isSnapshot) {
    const bytes = await readBody(body, SNAPSHOT_BYTES_MAX)
    // Too long to be one: judged as such, like everything else that cannot be read.
    return { outcome: 'text', text: bytes?.toString() ?? '', ageMs: ageIn(headers) }
  }
  const said = (await readBody(body, REFUSAL_BYTES_MAX))?.toString() ?? ''
  const retryAfterMs = Number(headers.get('retry-after')) * 1000
  const waitMs = retryAfterMs > 0 ? Math.min(retryAfterMs, RETRY_AFTER_MAX_MS) : 0
  const isRefusal = status >= 400 && status < 500 && status !== 404 && status !== 429
  return away(
    waitMs,
    isRefusal ? `Access does not let us read flags: ${detailOf(said) ?? `HTTP ${status}`}` : undefined,
  )
}

const away = (retryAfterMs = 0, sentence?: string): Fetched => ({ outcome: 'away', retryAfterMs, sentence })

/** Unsaid or absurd, as unknown: then the feed has to confirm it. More digits are a time that no clock can say. */
function ageIn(headers: Headers): number | null {
  const text = headers.get(AGE)
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}

function detailOf(text: string): string | undefined {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown }
    return typeof detail === 'string' ? detail.slice(0, REFUSAL_CHARACTERS_MAX) : undefined
  } catch {
    return undefined
  }
}
