import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** One request and its answer. */
export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  url: URL
}

const FORM_BYTES_MAX = 16 * 1024
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
const COMMON = {
  'x-content-type-options': 'nosniff',
  // Not `no-referrer`: with that, browsers send forms with `Origin: null`, and ours could not be told from others'.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
}

export function sendPage(
  { response }: Exchange,
  status: number,
  page: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    ...COMMON,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': PAGE_POLICY,
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(page)
}

export function sendJson({ response }: Exchange, status: number, body: unknown): void {
  response.writeHead(status, { ...COMMON, 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

/** 303: what was posted is not posted again by a reload. */
export function sendTo({ response }: Exchange, path: string, status = 303): void {
  response.writeHead(status, { ...COMMON, location: path, 'cache-control': 'no-store' }).end()
}

/** A form of our own page. Browsers say where a request comes from, and another site's may change nothing here. */
export function isSameOrigin({ request }: Exchange, origin: string): boolean {
  const { origin: from, 'sec-fetch-site': site } = request.headers
  return (from === undefined || from === origin) && (site === undefined || site === 'same-origin')
}

/** The fields of a form; undefined when it is larger than any form here. */
export async function readForm({ request }: Exchange): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > FORM_BYTES_MAX) return undefined
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

/** A file that never changes under its address: the address holds the digest of its content. */
export interface Asset {
  url: string
  path: string
  type: string
  content: Buffer
}

export function readAsset(name: string, type: string): Asset {
  const content = readFileSync(new URL(`./assets/${name}`, import.meta.url))
  const digest = createHash('sha256').update(content).digest('base64url').slice(0, 12)
  return { url: `/assets/${name}?v=${digest}`, path: `/assets/${name}`, type, content }
}

export function sendAsset({ response, url }: Exchange, asset: Asset): void {
  const isCurrent = asset.url === url.pathname + url.search
  response.writeHead(200, {
    ...COMMON,
    'content-type': asset.type,
    'cache-control': isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
  response.end(asset.content)
}
