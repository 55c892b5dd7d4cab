import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { deviceOf } from '../../sessions/index.ts'
import { type Letter, type Mail, mailOf, mailTime, plainDevice } from '../mails/mail.ts'
import type { Parts } from '../parts.ts'
import type { User } from '../user.ts'

/** What became of the ways in to an account, of which its owner is told by mail (ASVS 6.3.7). */
export type MethodNotice =
  | { kind: 'added'; passkey: string; isDormant: boolean }
  | { kind: 'removed' | 'copied'; passkey: string }
  | { kind: 'made' }
  | { kind: 'used' | 'shown'; left: number }

/** Longer names are told in the account. */
const NAME_SHOWN_MAX = 60

interface Where {
  email: string
  at: Date
  device: string
  /** Null when it is not believed. */
  address: string | null
  /** Of Holdfast's own pages, a whole URL without a path. */
  pagesUrl: string
}

/** Tells the person, at their address of now; written and sent after the answer. */
export function tellMethod(parts: Parts, call: Call, user: User, notice: MethodNotice): void {
  const { name: device, address } = deviceOf(call.headers, call.address)
  const where = {
    email: user.email,
    at: parts.clock.now(),
    device,
    address: address || null,
    pagesUrl: parts.config.url,
  }
  parts.mailer.send({
    to: user.email,
    purpose: 'passkey' in notice ? `passkey-${notice.kind}` : `recovery-codes-${notice.kind}`,
    reader: { locale: user.locale, zone: user.time_zone },
    audience: ACCOUNT_AUDIENCE,
    lane: 'notice',
    compose: (letter) => methodMail(letter, notice, where),
  })
}

export function methodMail(letter: Letter, notice: MethodNotice, where: Where): Mail {
  const words = letter.words.passkeys.mails
  const brand = letter.brand.name
  const { subject, title, what } = words[notice.kind]
  const facts: [string, string][] = [
    ...('passkey' in notice ? [[words.passkey, plainName(notice.passkey)] as [string, string]] : []),
    [words.where, plainDevice(letter, where.device)],
    [words.when, mailTime(letter, where.at)],
    ...(where.address ? [[words.address, where.address] as [string, string]] : []),
    ...('left' in notice ? [[words.used.left, String(notice.left)] as [string, string]] : []),
  ]
  const button =
    'passkey' in notice
      ? { label: words.button, url: `${where.pagesUrl}/account/passkeys` }
      : { label: words.made.button, url: `${where.pagesUrl}/account/recovery-codes` }
  return mailOf(letter, subject(brand), title, [
    { kind: 'text', text: what(brand, where.email) },
    { kind: 'facts', facts },
    ...(notice.kind === 'added' && notice.isDormant ? [{ kind: 'text', text: words.added.dormant } as const] : []),
    ...(notice.kind === 'copied' ? [{ kind: 'text', text: words.copied.next } as const] : []),
    { kind: 'text', text: words.notYou },
    { kind: 'button', ...button },
  ])
}

/** Whoever enrolled it chose its name, and may not be its owner: our mail carries no message and no link of theirs. */
const plainName = (name: string) =>
  name
    .replace(/[^\p{L}\p{N} ’'()-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, NAME_SHOWN_MAX)
