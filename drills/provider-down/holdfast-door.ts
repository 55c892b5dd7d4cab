import { cookieName, cookies as cookieNames, type SessionAnswer } from '../../sdk/contract.ts'
import { monotonicMs } from '../frame/clock.ts'
import type { Mailbox } from '../holdfast/mailbox.ts'
import type { Seen } from '../load/generator.ts'
import { cookieHeader, cookiesOf } from '../load/request.ts'
import { attackOf } from './attack.ts'
import type { Passkey } from './authenticator.ts'
import { type Customer, customers } from './customers.ts'
import type { Comer, Door, LetIn } from './door.ts'
import {
  type Domain,
  type Front,
  goThroughProvider,
  NotLetIn,
  openPersonBrowser,
  type Person,
  readSession,
  saidOf,
  signInByMail,
  signInByPasskey,
  typeAddress,
} from './holdfast-person.ts'
import type { Member } from './people.ts'
import { trying } from './trying.ts'

export interface HoldfastDoorOptions {
  url: string
  authority: string
  names: string
  /** By the customer's key: what a forged callback has to name, and the provider whose address it comes to. */
  issuers: Record<string, string>
  providers: Record<string, string>
}

/** As the SDK answers; the drill needs no more of it. */
export type Verify = (request: Request) => Promise<SessionAnswer & { setCookies: string[] }>

const [HANDLE, PROOF] = [cookieName(cookieNames.handle, false), cookieName(cookieNames.proof, false)]

export function holdfastDoor(options: HoldfastDoorOptions, mailbox: Mailbox, verify: Verify): Door {
  const front: Front = { origin: options.url, prefix: '' }
  // Who has signed in on a device before is known by its browser, and not told of each sign-in by mail.
  const kept = new Map<number, Record<string, string>>()
  let people = 0

  const personOf = (comer: Comer, signal: AbortSignal): Person => {
    const { member, means } = comer
    const cookies = kept.get(member.subject) ?? {}
    const browser = openPersonBrowser(options, { origin: front.origin, index: people++, cookies })
    return { browser, front, member, passkey: (means as Passkey | null) ?? null, mailbox, signal }
  }
  const keep = ({ browser, member }: Person) => {
    const { [HANDLE]: _handle, [PROOF]: _proof, ...rest } = browser.cookies(new URL(front.origin))
    kept.set(member.subject, rest)
  }

  const once = async (comer: Comer, signal: AbortSignal, tries: number): Promise<Seen> => {
    const beganMs = monotonicMs()
    const person = personOf(comer, signal)
    const way = await signIn(person)
    const answer = await readSession(person)
    keep(person)
    if (answer.verdict !== 'valid') return { outcome: 'failed', note: `first page: ${answer.verdict}` }
    const letIn: LetIn = {
      ...{ person: comer.member.subject, way, isOwnAccount: answer.session.user.id === comer.account, tries },
      lastTryMs: monotonicMs() - beganMs,
    }
    return { outcome: 'valid', source: way, keep: letIn }
  }
  return {
    async check({ cookies, way, account }, signal) {
      const answer = way === 'sdk' ? await askSdk(cookies, verify) : await askAccess(front, cookies, options, signal)
      if (answer.verdict !== 'valid')
        return { outcome: answer.verdict, note: `${way}: ${answer.reason}`, clears: answer.clears }
      if (answer.session.user.id !== account) return { outcome: 'failed', note: `${way}: somebody else` }
      return { outcome: 'valid', source: answer.source, ageMs: answer.age_ms, clears: answer.clears }
    },
    signIn: (comer, signal) => trying((tries) => once(comer, signal, tries), signal),
    knock: async (comer, signal) => knock(personOf(comer, signal)),
    attack: attackOf(options, front, () => people++),
  }
}

/** In whatever way this person can, as people do: the provider out of habit, then whatever else the page offers them. */
async function signIn(person: Person): Promise<LetIn['way']> {
  const { member } = person
  const customer = customers.find(({ key }) => key === member.customer)!
  const domain = await typeAddress(person)
  const habit = habitOf(customer, member)
  if (habit !== 'provider') return takeOther(person, domain, habit)
  if (domain.standing === 'ordinary') {
    const came = await goThroughProvider(person, domain.onward!).catch((error: unknown) => {
      // Lost on the way, or sent back with a fault: whoever has another way takes it.
      if (mayAlways(customer, member)) return domain
      throw error
    })
    if (came === 'signed-in') return 'provider'
    // A 429 that somebody earned for us: whoever has no other way goes on.
    if (came.standing === 'limited' && !mayAlways(customer, member)) return throughLimited(person, came)
    if (came.standing !== 'open' && !mayAlways(customer, member)) throw new NotLetIn(`waits: ${came.standing}`)
    return takeOther(person, came, member.has)
  }
  if (domain.standing === 'open' || mayAlways(customer, member)) return takeOther(person, domain, member.has)
  throw new NotLetIn(`waits: ${domain.standing}`)
}

async function throughLimited(person: Person, { onward }: Domain): Promise<LetIn['way']> {
  if ((await goThroughProvider(person, onward!)) === 'signed-in') return 'provider'
  throw new NotLetIn('waits: limited')
}

/** A third each of a healthy customer's people sign in by passkey and by code on every day: what others are held against. */
function habitOf({ group }: Customer, { subject, has }: Member): LetIn['way'] {
  return group === 'healthy' && subject % 3 !== 0 ? has : 'provider'
}

/** What their organisation allows on an ordinary day. */
function mayAlways({ policy }: Customer, { has }: Member): boolean {
  return policy === 'ordinary' || (policy === 'second_factor' && has === 'passkey')
}

async function takeOther(person: Person, domain: Domain, way: 'passkey' | 'email'): Promise<LetIn['way']> {
  if (way === 'passkey') await signInByPasskey(person)
  else if (domain.byMail) await signInByMail(person, domain.byMail)
  else throw new NotLetIn('no code is offered')
  return way
}

/** By the way that must not open, whatever the page says. */
async function knock(person: Person): Promise<Seen> {
  try {
    const domain = await typeAddress(person)
    await takeOther(person, domain, person.member.has)
  } catch (error) {
    if (error instanceof NotLetIn) return { outcome: 'invalid', note: `${person.member.refusedFor}: ${error.message}` }
    throw error
  }
  const answer = await readSession(person)
  return { outcome: answer.verdict, note: `${person.member.refusedFor}: session ${answer.verdict}` }
}

type Answered = SessionAnswer & { clears: boolean }

async function askSdk(cookies: Record<string, string>, verify: Verify): Promise<Answered> {
  const answer = await verify(new Request('http://app.localhost/', { headers: { cookie: cookieHeader(cookies) } }))
  return { ...answer, clears: takeNew(cookies, cookiesOf(answer.setCookies)) }
}

async function askAccess(
  front: Front,
  cookies: Record<string, string>,
  way: { authority: string; names: string },
  signal: AbortSignal,
): Promise<Answered> {
  const url = new URL('/v1/session', front.origin)
  const browser = openPersonBrowser(way, { origin: front.origin, index: 0, cookies })
  const page = await browser.open(url, { headers: { accept: 'application/json' }, signal })
  const answer = JSON.parse(page.body) as SessionAnswer
  if (!answer.verdict) throw new Error(saidOf(page))
  const now = browser.cookies(url)
  const changes = new Map([HANDLE, PROOF].map((name) => [name, now[name] ?? '']))
  return { ...answer, clears: takeNew(cookies, changes) }
}

/** As a browser does; true: a cookie of the session was taken away. */
function takeNew(cookies: Record<string, string>, changes: Map<string, string>): boolean {
  const proof = changes.get(PROOF)
  if (proof) cookies[PROOF] = proof
  return changes.get(HANDLE) === '' || changes.get(PROOF) === ''
}
