import type { Credentials } from './credentials.ts'
import { type Example, withoutExample } from './examples.ts'

export interface Asked {
  status: number
  ms: number
  /** Of a list; null: it is none. */
  rows: number | null
  nextCursor: string | null
}

/** Longer than any answer may take: what does not come is a finding, too. */
const ASK_MS = 20_000
const PAGE = '50'

export async function ask(url: string, credentials: Credentials, example: Example, cursor?: string): Promise<Asked> {
  const path = example.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(example.params![name]!))
  const query = new URLSearchParams({
    ...(example.isDeep && { limit: PAGE }),
    ...example.query,
    ...(cursor && { cursor }),
  })
  const began = performance.now()
  const response = await fetch(`${url}${path}?${query}`, {
    headers: credentials[example.as],
    redirect: 'manual',
    signal: AbortSignal.timeout(ASK_MS),
  })
  const text = await response.text()
  const ms = performance.now() - began
  const body = read(text)
  return { status: response.status, ms, rows: body?.data?.length ?? null, nextCursor: body?.next_cursor ?? null }
}

function read(text: string): { data?: unknown[]; next_cursor?: string | null } | undefined {
  try {
    return JSON.parse(text) as { data?: unknown[]; next_cursor?: string | null }
  } catch {
    // A page, a table, or figures: no list.
    return undefined
  }
}

/** Where the page begins that lies `pages` behind the first one, or the last that there is. */
export async function farCursor(url: string, credentials: Credentials, example: Example, pages: number) {
  let cursor: string | undefined
  let passed = 0
  for (; passed < pages; passed++) {
    const { nextCursor } = await ask(url, credentials, example, cursor)
    if (nextCursor === null) break
    cursor = nextCursor
  }
  return { cursor, passed }
}

/** Addresses that can be read and have no example, and examples of no address of the API. */
export async function forgotten(url: string, examples: readonly Example[]): Promise<string[]> {
  const response = await fetch(`${url}/openapi.json`, { signal: AbortSignal.timeout(ASK_MS) })
  const { paths: items } = (await response.json()) as { paths: Record<string, object> }
  const paths = Object.keys(items).filter((path) => 'get' in items[path]!)
  const shown = new Set(examples.map(({ path }) => path))
  const missing = paths.filter((path) => !shown.has(path) && !(path in withoutExample))
  const gone = [...shown].filter((path) => path.startsWith('/v1/') && !paths.includes(path))
  return [
    ...missing.map((path) => `GET ${path} has no example in server/scale/examples.ts`),
    ...gone.map((path) => `server/scale/examples.ts asks for ${path}, which is not there`),
  ]
}
