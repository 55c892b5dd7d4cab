import { randomUUID } from 'node:crypto'
import { cookieHeader, cookiesSet, type Reply, type Target } from '../load/request.ts'
import { openMailbox } from './mailbox.ts'

/** The first administrator, as a program: asks with a machine token that may do what its scopes say. */
export interface Administrator {
  token: string
  /** Sends a request; an answer that is no success is thrown, with what it says. */
  ask<Answer>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, json?: unknown): Promise<Answer>
}

const MAIL_DEADLINE_MS = 15_000
/** An import of thousands of flags takes some seconds on a machine that others use too. */
const STEP_DEADLINE_MS = 30_000
/** Of the sessions that a browser may hold, the console's. */
const AS_CONSOLE = { 'holdfast-audience': 'console' }
const PERSON = 'first-administrator@drill.test'

/**
 * Becomes the first administrator, as a person does: by the link that `holdfast start` printed and the code of its mail.
 * Then makes the machine token that everything else is asked with.
 */
export async function becomeAdministrator(way: {
  target: Target
  /** The path of the link that was printed at the start. */
  link: string
  mailFolder: string
  scopes: readonly string[]
  signal: AbortSignal
}): Promise<Administrator> {
  const { target, link, signal, scopes } = way
  const jar: Record<string, string> = {}
  const mailbox = openMailbox(way.mailFolder)
  const post = async (path: string, form: Record<string, string>) => {
    const reply = await target.send({
      method: 'POST',
      path,
      headers: { origin: target.origin, cookie: cookieHeader(jar) },
      json: form,
      signal: within(signal),
    })
    for (const [name, value] of cookiesSet(reply)) jar[name] = value
    if (reply.status >= 400) throw new Error(`${path.split('/', 2).join('/')} was answered ${said(reply)}`)
    return reply
  }
  await mailbox.forget(PERSON)
  await post(link, { email: PERSON })
  const code = await mailbox.codeFor(PERSON, MAIL_DEADLINE_MS, signal)
  if (code === null) throw new Error('No mail came for the first administrator.')
  await post(`${link}/code`, { code })
  const made = await target.send({
    method: 'POST',
    path: '/v1/tokens',
    headers: { origin: target.origin, cookie: cookieHeader(jar), ...AS_CONSOLE, 'idempotency-key': randomUUID() },
    json: { name: 'The drill', scopes },
    signal: within(signal),
  })
  if (made.status !== 201) throw new Error(`No machine token was made: ${said(made)}`)
  return administratorBy(target, (JSON.parse(made.body) as { secret: string }).secret, signal)
}

/** Where an enrolment begins, in what `holdfast start` prints. */
export const linkIn = (printed: string) => /\/enrol\/[\w-]+/.exec(printed)?.[0]

export function administratorBy(target: Target, token: string, signal: AbortSignal): Administrator {
  return {
    token,
    async ask<Answer>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, json?: unknown) {
      const headers = { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() }
      const reply = await target.send({
        method,
        path,
        headers,
        ...(json !== undefined && { json }),
        signal: within(signal),
      })
      if (reply.status >= 300) throw new Error(`${method} ${path} was answered ${said(reply)}`)
      return (reply.body === '' ? undefined : JSON.parse(reply.body)) as Answer
    },
  }
}

const within = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(STEP_DEADLINE_MS)])
/** The whole of it: no answer of a drill's own installation holds anybody's secret. */
const said = ({ status, body }: Reply) => `${status}: ${body.slice(0, 500)}`
