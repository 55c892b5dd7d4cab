import { cookieName, cookies, type SessionAnswer } from '../../sdk/contract.ts'
import { monotonicMs } from '../frame/clock.ts'
import { waitMs } from '../frame/wait.ts'
import type { Seen } from '../load/generator.ts'
import { cookieHeader, cookiesOf, cookiesSet, type Reply, type Target } from '../load/request.ts'
import type { KeptSession } from './arm.ts'
import { type Door, SIGN_IN_DEADLINE_MS } from './door.ts'
import type { Mailbox } from '../holdfast/mailbox.ts'

/**
 * How a session is checked. By the app's own SDK with both cookies (no network) and with the handle alone (it asks
 * access); at access with both, and with the handle alone: then access has to know the session or the database has to say.
 */
export const ways = ['sdk', 'sdk', 'sdk', 'sdk_handle', 'direct', 'direct', 'handle', 'handle'] as const
export type Way = (typeof ways)[number]
export const isOfApp = (way: string) => way.startsWith('sdk')

const HANDLE = cookieName(cookies.handle, false)
const PROOF = cookieName(cookies.proof, false)
/** The form of a handle, and nobody's. */
const STRANGER = 'nobody'.padEnd(43, 'A')

/** A person waits for a page some seconds before pressing again. */
const STEP_DEADLINE_MS = 4000
/** The mail is there in a moment or, in an outage, not at all. */
const MAIL_DEADLINE_MS = 4000
/** What is left of the ten seconds must be enough to tell the outcome. */
const GIVE_UP_MS = SIGN_IN_DEADLINE_MS - 300
const RETRY_MS = 1000
/** A step begun with less than this left could only be seen not to be answered. */
const STEP_LEAST_MS = 2500

/** The front of access, or of an app whose `/auth/*` leads to it. */
export interface Front {
  target: Target
  prefix: '' | '/auth'
}

export interface Doorway {
  access: Front
  app: Front
  mailbox: Mailbox
}

/** As the SDK answers; the drill needs no more of it. */
export type Verify = (request: Request) => Promise<SessionAnswer & { setCookies: string[] }>

export function holdfastDoor({ access, app, mailbox }: Doorway, verify: Verify): Door {
  const direct = async (cookie: string, signal: AbortSignal) =>
    access.target.send({ method: 'GET', path: '/v1/session', headers: { cookie }, signal })
  return {
    async check({ way, cookies: jar }, signal) {
      const cookie = cookieHeader(way.endsWith('handle') ? { [HANDLE]: jar[HANDLE]! } : jar)
      if (!isOfApp(way)) {
        const reply = await direct(cookie, signal)
        keepProof(jar, cookiesSet(reply))
        return seenOf(reply)
      }
      const answer = await verify(new Request(app.target.origin, { headers: { cookie } }))
      const changes = cookiesOf(answer.setCookies)
      keepProof(jar, changes)
      return { ...seenOfAnswer(answer), clears: isTakenAway(changes) }
    },
    checkStranger: async (signal) => seenOf(await direct(`${HANDLE}=${STRANGER}`, signal)),
    // Half of the people come by the app's own origin, half by the pages of access.
    signIn: (person, signal) => {
      const way = Number(/\d+@/.exec(person)?.[0].slice(0, -1)) % 2 === 0 ? 'direct' : 'sdk'
      return signIn({ front: isOfApp(way) ? app : access, mailbox, person, way, triesMax: 20 }, signal)
    },
  }
}

interface SignIn {
  front: Front
  mailbox: Mailbox
  person: string
  way: string
  triesMax: number
}

/** Where a person is in signing in: an attempt goes on from where the last one got. */
interface Attempt extends SignIn {
  jar: Record<string, string>
  challenge: string | undefined
  code: string | undefined
}

/** A whole sign-in by an e-mailed code. Where it says "unknown", the person tries the same step again, as the page does. */
export async function signIn(options: SignIn, signal: AbortSignal): Promise<Seen> {
  const endMs = monotonicMs() + GIVE_UP_MS
  const attempt: Attempt = { ...options, jar: {}, challenge: undefined, code: undefined }
  let last: Seen = { outcome: 'failed', note: 'never answered' }
  for (let tries = 0; tries < options.triesMax; tries++) {
    if (tries > 0) {
      if (monotonicMs() + RETRY_MS + STEP_LEAST_MS > endMs) return last
      await waitMs(RETRY_MS, signal)
    }
    last = await goOn(attempt, endMs, signal)
    if (last.outcome === 'valid') return last
  }
  return last
}

/** Asks for the code if there is none yet, reads it from the mail, and gives it back. */
async function goOn(attempt: Attempt, endMs: number, signal: AbortSignal): Promise<Seen> {
  const { front, mailbox, person, way, jar } = attempt
  const leftMs = (mostMs: number) => Math.max(1, Math.ceil(Math.min(mostMs, endMs - monotonicMs())))
  const stepSignal = () => AbortSignal.any([signal, AbortSignal.timeout(leftMs(STEP_DEADLINE_MS))])

  if (attempt.challenge === undefined) {
    await mailbox.forget(person)
    const reply = await post(front, '/v1/sign-in/email', { email: person }, jar, stepSignal())
    if (reply?.status !== 202) return stepSeen(reply)
    attempt.challenge = (JSON.parse(reply.body) as { challenge_id: string }).challenge_id
  }
  attempt.code ??= (await mailbox.codeFor(person, leftMs(MAIL_DEADLINE_MS), signal)) ?? undefined
  if (attempt.code === undefined) return { outcome: 'failed', note: 'no mail' }

  const answer = { challenge_id: attempt.challenge, code: attempt.code }
  const reply = await post(front, '/v1/sign-in/email/verify', answer, jar, stepSignal())
  const { [HANDLE]: handle, [PROOF]: proof } = jar
  if (reply?.status === 200 && handle && proof) {
    const kept: KeptSession = { person, way, cookies: { [HANDLE]: handle, [PROOF]: proof } }
    return { outcome: 'valid', keep: kept }
  }
  // Refused, not unknown: this code will not do any more, so the person asks for another.
  if (reply && reply.status < 500) [attempt.challenge, attempt.code] = [undefined, undefined]
  return stepSeen(reply)
}

async function post(front: Front, path: string, json: unknown, jar: Record<string, string>, signal: AbortSignal) {
  const headers = { origin: front.target.origin, ...(Object.keys(jar).length > 0 && { cookie: cookieHeader(jar) }) }
  const reply = await front.target
    .send({ method: 'POST', path: front.prefix + path, json, headers, signal })
    .catch(() => null)
  for (const [name, value] of reply ? cookiesSet(reply) : []) {
    if (value === '') delete jar[name]
    else jar[name] = value
  }
  return reply
}

/** A step that was not done: said to be unknown, refused, or never answered. */
function stepSeen(reply: Reply | null): Seen {
  if (!reply) return { outcome: 'failed', note: 'no answer, or none in time' }
  const said = read(reply.body) as { code?: string; verdict?: string } | undefined
  const note = said?.code ?? `HTTP ${reply.status}`
  return { outcome: reply.status === 503 ? 'unknown' : 'failed', note }
}

/** 200, 401 and 503 are verdicts when the body says the same; anything else is no answer of ours. */
export function seenOf(reply: Reply): Seen {
  const answer = read(reply.body) as (SessionAnswer & { code?: string }) | undefined
  const status = { valid: 200, invalid: 401, unknown: 503 }
  const clears = isTakenAway(cookiesSet(reply))
  if (!answer?.verdict || status[answer.verdict] !== reply.status) {
    return { outcome: 'failed', note: answer?.code ?? `HTTP ${reply.status}`, clears }
  }
  // Without it a page that retries by itself, and every proxy, would not know when.
  const isMute = reply.status === 503 && !reply.headers['retry-after']
  return { ...seenOfAnswer(answer), ...(isMute && { outcome: 'failed', note: '503 without Retry-After' }), clears }
}

/** As a browser does: a longer outage is met with the newest proof there was. */
function keepProof(jar: Record<string, string>, changes: Map<string, string>): void {
  const proof = changes.get(PROOF)
  if (proof) jar[PROOF] = proof
}

function isTakenAway(changes: Map<string, string>): boolean {
  return changes.get(HANDLE) === '' || changes.get(PROOF) === ''
}

function seenOfAnswer(answer: SessionAnswer): Seen {
  if (answer.verdict === 'valid') return { outcome: 'valid', source: answer.source, ageMs: answer.age_ms }
  return { outcome: answer.verdict, note: answer.reason }
}

function read(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
