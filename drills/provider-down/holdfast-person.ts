import type { SessionAnswer } from '../../sdk/contract.ts'
import type { Mailbox } from '../holdfast/mailbox.ts'
import { type Passkey, showPasskey } from './authenticator.ts'
import { type Browser, openBrowser, type Page } from './browser.ts'
import { type Form, formsIn, linkIn } from './forms.ts'
import type { Member } from './people.ts'
import { walkProvider } from './walk-provider.ts'

/** Where people sign in: access itself, or an app whose `/auth/*` leads to it. */
export interface Front {
  origin: string
  prefix: '' | '/auth'
}

/** All that somebody has at hand. */
export interface Person {
  browser: Browser
  front: Front
  member: Member
  passkey: Passkey | null
  mailbox: Mailbox
  signal: AbortSignal
}

/** What the page for an address says of its provider. */
export type Standing = 'ordinary' | 'checking' | 'limited' | 'open'

export interface Domain {
  standing: Standing
  /** "Continue with X". */
  onward: Form | null
  /** "Send me a code". */
  byMail: Form | null
}

/** The page did not lead on: what it said, for the card. */
export class NotLetIn extends Error {
  override name = 'NotLetIn'
}

const MAIL_DEADLINE_MS = 5000
/** Before the id of the provider; behind an app its prefix comes first. */
const CALLBACK = '/sign-in/callback/'

export function openPersonBrowser(
  way: { authority: string; names: string },
  { origin, index, cookies = {} }: { origin: string; index: number; cookies?: Record<string, string> },
): Browser {
  const browser = openBrowser({ ...way, address: addressOf(index) })
  for (const [name, value] of Object.entries(cookies)) browser.setCookie(new URL(origin), name, value)
  return browser
}

/** Typing the address: everybody of a domain gets the same page. */
export async function typeAddress({ browser, front, member, signal }: Person): Promise<Domain> {
  const start = await browser.open(new URL(`${front.prefix}/sign-in`, front.origin), { signal })
  const form = formsIn(start.body).find(({ fields }) => 'email' in fields)
  if (!form) throw new NotLetIn(`sign-in: ${saidOf(start)}`)
  return domainOf(await submit({ browser, front, signal }, form, { email: member.email }))
}

export function domainOf(page: Page): Domain {
  const forms = formsIn(page.body)
  const onward = forms.find(({ action }) => action.includes('/sign-in/provider/')) ?? null
  const byMail = forms.find(({ fields }) => fields.by === 'mail') ?? null
  if (!onward) throw new NotLetIn(`the page of the domain: ${saidOf(page)}`)
  const isAway = onward.fields.anyway === '1'
  const told: Standing = isFailing(page)
    ? 'open'
    : page.body.includes('class="notice degraded"')
      ? 'limited'
      : 'checking'
  return { standing: isAway ? told : 'ordinary', onward, byMail }
}

/** The banner: "sign-in with X has been down since 10:42". */
const isFailing = ({ body }: Page) => body.includes('class="notice failing"')

/**
 * "Continue with X": to the provider and back, or the same page again because it does not answer. What goes wrong on the way is
 * thrown.
 */
export async function goThroughProvider(person: Person, onward: Form): Promise<Domain | 'signed-in'> {
  const { browser, front, member, signal } = person
  const left = await submit(person, onward)
  const url = linkIn(left.body, 'provider')
  if (!url) return domainOf(left)
  const isBack = (to: URL) => to.pathname.startsWith(CALLBACK) && !to.hostname.endsWith('.drill.test')
  const back = await walkProvider(browser, { url: new URL(url), sub: member.sub, isBack, signal })
  const isIn = (to: URL) => to.origin === front.origin && !to.pathname.includes(CALLBACK)
  const page = await browser.open(back, { until: isIn, signal })
  if (page.status !== 0) throw new NotLetIn(`callback: ${saidOf(page)}`)
  return 'signed-in'
}

/** By a code from a mail, as the page offers it. */
export async function signInByMail(person: Person, byMail: Form): Promise<void> {
  const { mailbox, member, signal, front } = person
  await mailbox.forget(member.email)
  const page = await submit(person, byMail)
  const form = formsIn(page.body).find(({ fields }) => 'code' in fields)
  if (!form) throw new NotLetIn(`code: ${saidOf(page)}`)
  const code = await mailbox.codeFor(member.email, MAIL_DEADLINE_MS, signal)
  if (code === null) throw new NotLetIn('the mail has no code')
  const isIn = (to: URL) => to.origin === front.origin && !to.pathname.includes('/sign-in')
  const done = await submit(person, form, { code }, isIn)
  if (done.status !== 0) throw new NotLetIn(`code: ${saidOf(done)}`)
}

/** As the page's own script does it. */
export async function signInByPasskey({ browser, front, passkey, signal }: Person): Promise<void> {
  if (!passkey) throw new NotLetIn('no passkey')
  const begun = await browser.open(new URL('/v1/sign-in/passkey', front.origin), { method: 'POST', json: {}, signal })
  if (begun.status !== 200) throw new NotLetIn(`passkey: ${saidOf(begun)}`)
  const { options } = JSON.parse(begun.body) as { options: { challenge: string } }
  const place = { origin: front.origin, rpId: new URL(front.origin).hostname }
  const shown = showPasskey(passkey, options, place)
  const verify = new URL('/v1/sign-in/passkey/verify', front.origin)
  const done = await browser.open(verify, { method: 'POST', json: shown, signal })
  if (done.status !== 200) throw new NotLetIn(`passkey: ${saidOf(done)}`)
}

/** The first page of an app: who is asking? */
export async function readSession({ browser, front, signal }: Person): Promise<SessionAnswer> {
  const page = await browser.open(new URL(`${front.prefix}/v1/session`, front.origin), {
    headers: { accept: 'application/json' },
    signal,
  })
  return JSON.parse(page.body) as SessionAnswer
}

async function submit(
  { browser, front, signal }: Pick<Person, 'browser' | 'front' | 'signal'>,
  { action, fields }: Form,
  typed: Record<string, string> = {},
  until?: (url: URL) => boolean,
): Promise<Page> {
  const form = { ...fields, ...typed }
  return browser.open(new URL(action, front.origin), { method: 'POST', form, signal, ...(until && { until }) })
}

/** The code of a refusal, or the heading of a page. */
export function saidOf({ status, body }: Page): string {
  const code = /"code":"([\w.]+)"/.exec(body)?.[1]
  const title = /<h1[^>]*>(.*?)<\/h1>/s.exec(body)?.[1]?.replace(/<[^>]+>/g, '')
  return `${status} ${code ?? title?.trim().slice(0, 60) ?? ''}`.trim()
}

const ADDRESSES_MAX = 2 ** 24

/** People come from everywhere, through a load balancer that says from where. */
function addressOf(index: number): string {
  const [high, middle, low] = [16, 8, 0].map((shift) => (((index * 256 + 1) % ADDRESSES_MAX) >> shift) & 255)
  return `10.${high}.${middle}.${low}`
}
