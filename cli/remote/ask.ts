import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { EXIT } from '../command.ts'
import type { Connection } from './connection.ts'

export type Answered =
  | { outcome: 'ok'; body: unknown; text: string }
  | { outcome: 'failed'; exit: number; line: string }

/** A list of a million rows answers in 0.2 s; this is for a server that hangs. */
const DEADLINE_MS = 15_000
/** A write is sent again with the same key: it is done once, whichever of its answers was lost. */
const ATTEMPTS_MAX = 3
const PAUSE_MS = 500
/** More than any answer of ours; an export of everything about a person is below it. */
const BYTES_MAX = 64 * 1024 * 1024

/** Asks once, or a few times where no answer came: what changes something bears an Idempotency-Key. */
export async function ask(
  connection: Connection,
  { method, path, body }: { method: string; path: string; body: Record<string, unknown> | undefined },
): Promise<Answered> {
  const key = method === 'GET' ? undefined : randomUUID()
  for (let attempt = 1; ; attempt++) {
    const answered = await askOnce(connection, { method, path, body, key })
    if (answered.outcome !== 'lost') return answered
    if (attempt === ATTEMPTS_MAX) {
      const what = method === 'GET' ? '' : ' Whether it was done is not known: look before you try again.'
      return {
        outcome: 'failed',
        exit: EXIT.notHeld,
        line: `${connection.url} does not answer (${answered.why}).${what} Check that Holdfast runs and can be reached.`,
      }
    }
    await pause(PAUSE_MS * attempt)
  }
}

type AskedOnce = Answered | { outcome: 'lost'; why: string }

async function askOnce(
  { url, token }: Connection,
  asked: { method: string; path: string; body: Record<string, unknown> | undefined; key: string | undefined },
): Promise<AskedOnce> {
  const { method, path, body, key } = asked
  try {
    const response = await fetch(url + path, {
      method,
      // A redirect would carry the token to somebody else.
      redirect: 'manual',
      signal: AbortSignal.timeout(DEADLINE_MS),
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(key !== undefined && { 'idempotency-key': key }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await readText(response)
    if (response.ok) return { outcome: 'ok', text, body: jsonOf(text) }
    const problem = jsonOf(text) as { code?: string; detail?: string } | undefined
    // The first of our own attempts is still under way.
    if (problem?.code === 'idempotency.in_progress') return { outcome: 'lost', why: 'it is still at it' }
    return { outcome: 'failed', ...toldProblem(url, path, response.status, problem) }
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } }
    const why =
      name === 'TimeoutError' ? `no answer within ${DEADLINE_MS / 1000} s` : (cause?.code ?? (error as Error).message)
    return { outcome: 'lost', why: printable(why) }
  }
}

/** What, where, why, and what to do: the server's own sentence says the last two. */
function toldProblem(
  url: string,
  path: string,
  status: number,
  problem: { code?: string; detail?: string } | undefined,
) {
  const where = `${url}${path.split('?', 1)[0]}`
  const exit = status >= 500 ? EXIT.notHeld : EXIT.refused
  if (typeof problem?.detail !== 'string') {
    return { exit, line: `${where} answered ${status}, and not as Holdfast does. Check the address.` }
  }
  return { exit, line: `${where} answered ${status} ${printable(problem.code ?? '')}: ${printable(problem.detail)}` }
}

async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > BYTES_MAX) throw new Error('the answer is too long')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    // A page, or a file of another kind: the text is there as it came.
    return undefined
  }
}

/** What people typed into Holdfast must not steer the terminal of whoever looks at it. */
export const printable = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
