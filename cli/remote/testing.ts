import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { env } from 'node:process'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

const MAIN = join(import.meta.dirname, '../main.ts')
export const TOKEN = `hf_test_tok_${'a'.repeat(43)}`

export interface Heard {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: unknown
}
export type Reply = (heard: Heard, response: ServerResponse) => void

/** Whatever is asked, written down; and what is answered to it, in order. */
export async function openDouble(t: TestContext, ...replies: Reply[]) {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    const said = await text(request)
    const { method = '', url: path = '', headers } = request
    const one = { method, path, headers, body: said === '' ? undefined : JSON.parse(said) }
    heard.push(one)
    const reply = replies[Math.min(heard.length, replies.length) - 1]!
    reply(one, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  t.after(() => server.closeAllConnections())
  return { heard, url: `http://127.0.0.1:${(server.address() as { port: number }).port}` }
}

export const answering =
  (status: number, body?: unknown, type = 'application/json'): Reply =>
  (_, response) => {
    response.writeHead(status, { 'content-type': type })
    response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
  }
export const dropping: Reply = (_, response) => void response.destroy()

export async function holdfast(words: readonly string[], settings: Record<string, string>, input = '') {
  const own = Object.entries(env).filter(([name]) => !name.startsWith('HOLDFAST_'))
  const child = spawn(process.execPath, [MAIN, ...words], { env: { ...Object.fromEntries(own), ...settings } })
  child.stdin.end(input)
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { status, stdout, stderr }
}
export const asked = (url: string) => ({ HOLDFAST_URL: url, HOLDFAST_TOKEN: TOKEN })
