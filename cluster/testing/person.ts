import type { Mailbox } from '../../doubles/index.ts'

const ASK_MS = 10_000
const MAIL_MS = 10_000

export type Jar = Readonly<Record<string, string>>
export interface Person {
  email: string
  jar: Jar
  sessionId: string
}

export interface Reply {
  status: number
  body: Record<string, unknown>
  jar: Jar
}

let addresses = 0

/** One request, each person from an address of their own, so that nobody meets another's limits. */
export async function ask(url: string, line: string, options: { jar?: Jar; body?: object } = {}): Promise<Reply> {
  const { jar = {}, body } = options
  const [method, path] = line.split(' ') as [string, string]
  addresses += 1
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      cookie: Object.entries(jar)
        .map(([name, value]) => `${name}=${value}`)
        .join('; '),
      'x-forwarded-for': `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ASK_MS),
  })
  const changed = response.headers.getSetCookie().map((cookie) => /^([^=]+)=([^;]*)/.exec(cookie)!.slice(1, 3))
  const text = await response.text()
  return {
    status: response.status,
    body: read(text),
    jar: { ...jar, ...Object.fromEntries(changed) },
  }
}

function read(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text || '{}') as Record<string, unknown>
  } catch {
    // A page of the proxy's own.
    return { text }
  }
}

/** A real sign-in by a code out of a real mail; rejects where any step of it does not do what it should. */
export async function signIn(url: string, mailbox: Mailbox, email: string): Promise<Person> {
  const started = await ask(url, 'POST /v1/sign-in/email', { body: { email } })
  if (started.status !== 202) throw new Error(`no code: ${started.status} ${JSON.stringify(started.body)}`)
  const code = await codeFor(mailbox, email)
  const body = { challenge_id: started.body.challenge_id, code }
  const verified = await ask(url, 'POST /v1/sign-in/email/verify', { jar: started.jar, body })
  if (verified.status !== 200) throw new Error(`not signed in: ${verified.status} ${JSON.stringify(verified.body)}`)
  const { id } = verified.body.session as { id: string }
  return { email, jar: verified.jar, sessionId: id }
}

/** Other mails come too: that somebody has signed in, for one. */
async function codeFor(mailbox: Mailbox, email: string): Promise<string> {
  for (;;) {
    const { code } = await mailbox.next(email, MAIL_MS)
    if (code) return code
  }
}

/** By the handle alone, so that no proof speaks for it: access has to know, or to ask the database. */
export async function verdictOf(url: string, { jar }: Pick<Person, 'jar'>): Promise<string> {
  const { status, body } = await ask(url, 'GET /v1/session', { jar: { hf_session: jar.hf_session! } })
  return `${status} ${body.verdict ?? JSON.stringify(body)}`
}

/** As the person themselves: handle and proof, as a browser sends them. */
export async function verdictInBrowser(url: string, person: Pick<Person, 'jar'>): Promise<string> {
  const { status, body } = await ask(url, 'GET /v1/session', { jar: person.jar })
  return `${status} ${body.verdict ?? JSON.stringify(body)}`
}
