import { setTimeout as pause } from 'node:timers/promises'
import { readMailbox } from '../platform/mail/index.ts'
import type { Check } from './prove.ts'

/** Nobody: the domain is reserved, and the copy could not send anything to it anyway. */
const EMAIL = 'proof@holdfast.invalid'
const ASK_MS = 10_000
const MAIL_MS = 30_000
const LOOK_EVERY_MS = 50

/** As a person does it, over HTTP: an address, the code from the mail, and then signed in. */
export async function signInByCode(url: string, mailFolder: string): Promise<Check[]> {
  const jar = new Map<string, string>()
  const started = await ask(url, jar, 'POST /v1/sign-in/email', { email: EMAIL })
  if (started.status !== 202) return [failed('sign-in', `asking for a code was answered with ${started.status}`)]
  const code = await codeFrom(mailFolder)
  if (!code) return [failed('sign-in', 'no mail with a code came')]
  const verified = await ask(url, jar, 'POST /v1/sign-in/email/verify', {
    challenge_id: String(started.body.challenge_id),
    code,
  })
  if (verified.status !== 200) return [failed('sign-in', `the code was answered with ${verified.status}`)]
  const session = await ask(url, jar, 'GET /v1/session')
  const isValid = session.status === 200 && session.body.verdict === 'valid'
  return [
    { name: 'sign-in', held: true, detail: 'by an e-mailed code' },
    { name: 'session', held: isValid, detail: `GET /v1/session: ${session.status} ${session.body.verdict}` },
  ]
}

const failed = (name: string, detail: string): Check => ({ name, held: false, detail })

async function ask(url: string, jar: Map<string, string>, line: string, body?: Record<string, string>) {
  const [method, path] = line.split(' ') as [string, string]
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
    redirect: 'manual',
    signal: AbortSignal.timeout(ASK_MS),
  })
  for (const cookie of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    if (name !== undefined) jar.set(name, value ?? '')
  }
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function codeFrom(mailFolder: string): Promise<string | undefined> {
  const until = performance.now() + MAIL_MS
  while (performance.now() < until) {
    const code = (await readMailbox(mailFolder)).find(({ to }) => to === EMAIL)?.code
    if (code) return code
    await pause(LOOK_EVERY_MS)
  }
  return undefined
}
