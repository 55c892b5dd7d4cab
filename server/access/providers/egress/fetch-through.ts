import type { Answered, Egress } from './egress.ts'

/** What openid-client hands to a fetch of ours. */
export interface FetchOptions {
  method: string
  headers: Record<string, string>
  body?: unknown
  signal?: AbortSignal | undefined
}

/** As `fetch` answers, for a library that wants one. */
export async function fetchThrough(egress: Egress, url: string, options: FetchOptions, deadlineMs: number) {
  const { method, headers, body, signal } = options
  if (method !== 'GET' && method !== 'POST') throw new Error(`nobody asks providers with ${method}`)
  const text = body === undefined || body === null ? undefined : String(body)
  const answered = await egress.ask({ url, method, headers, body: text, deadlineMs, signal })
  return { answered, response: toResponse(answered) }
}

/** Statuses that a `Response` must not have a body with (WHATWG Fetch, "null body status"). */
const WITHOUT_BODY = new Set([204, 205, 304])

export function toResponse({ status, headers, body }: Answered): Response {
  const kept = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    for (const each of [value ?? []].flat()) kept.append(name, each)
  }
  if (status < 200 || status > 599) return new Response(null, { status: 502 })
  return new Response(WITHOUT_BODY.has(status) ? null : new Uint8Array(body), { status, headers: kept })
}
