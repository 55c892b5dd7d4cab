import type { SignedIn, UnknownReason, VerifyOptions } from '@holdfast/sdk'
import { type Exchange, isSameOrigin, readForm, sendPage, sendTo } from './exchange.ts'
import { refusalPage, unknownPage } from './pages/message-page.ts'
import { type Site, verify } from './site.ts'
import { signedOutPath } from './who-am-i.ts'

const RETRY_S = 3

const UNKNOWN: Record<UnknownReason, string> = {
  database_unavailable: 'Holdfast is there, and its database is not answering.',
  access_unreachable: 'Holdfast is not answering.',
  no_keys: 'We have not been able to reach Holdfast since this app was set up.',
  too_old: 'This page needs to know for certain, and at this moment nobody can confirm it.',
  overloaded: 'More people are being checked than Holdfast can answer for at this moment.',
}

/** Says what is wrong, in our own look, and tries again by itself. Nobody is signed out by it. */
export function sendUnknown(site: Site, exchange: Exchange, reason: UnknownReason): void {
  const because = UNKNOWN[reason] ?? UNKNOWN.access_unreachable
  const content = unknownPage({ because, sinceMs: site.holdfast.awaySinceMs, retryS: RETRY_S })
  const page = site.page({ title: 'Not known right now · Fieldnotes', refreshS: RETRY_S }, content)
  sendPage(exchange, 503, page, { 'retry-after': String(RETRY_S) })
}

export function sendRefusal(
  site: Site,
  exchange: Exchange,
  { status, title, because }: { status: number; title: string; because: string },
): void {
  sendPage(exchange, status, site.page({ title: `${title} · Fieldnotes` }, refusalPage({ title, because })))
}

/** Lets a form of ours through to whoever is signed in. */
export async function change(
  site: Site,
  exchange: Exchange,
  act: (answer: SignedIn, form: URLSearchParams) => Promise<void> | void,
  options?: VerifyOptions,
): Promise<void> {
  if (!isSameOrigin(exchange, site.origin)) {
    const because = 'This came from another site, and nothing was done.'
    return sendRefusal(site, exchange, { status: 403, title: 'Not from here', because })
  }
  const form = await readForm(exchange)
  if (!form) {
    const because = 'That is more than fits into one note.'
    return sendRefusal(site, exchange, { status: 413, title: 'Too much', because })
  }
  const answer = await verify(site, exchange, options)
  if (answer.verdict === 'unknown') return sendUnknown(site, exchange, answer.reason)
  if (answer.verdict === 'invalid') return sendTo(exchange, signedOutPath(answer))
  await act(answer as SignedIn, form)
}
