import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { type Letter, type Mail, mailOf, mailTime } from '../mails/mail.ts'
import type { Parts } from '../parts.ts'
import type { User } from '../user.ts'

/** The person is told that their account will be deleted, when, and how to stay. */
export function tellDeletion(parts: Parts, user: User, pagesUrl: string): void {
  const deletesAt = user.deletes_at!
  send(parts, user, 'account-deleting', (letter) => deletionMail(letter, { email: user.email, deletesAt, pagesUrl }))
}

export function tellKept(parts: Parts, user: User, pagesUrl: string): void {
  send(parts, user, 'account-kept', (letter) => keptMail(letter, { email: user.email, pagesUrl }))
}

function send(parts: Parts, user: User, purpose: string, compose: (letter: Letter) => Mail): void {
  const reader = { locale: user.locale, zone: user.time_zone }
  parts.mailer.send({ to: user.email, purpose, reader, audience: ACCOUNT_AUDIENCE, lane: 'notice', compose })
}

export function deletionMail(letter: Letter, props: { email: string; deletesAt: Date; pagesUrl: string }): Mail {
  const words = letter.words.accountLife.mails.deleting
  const at = mailTime(letter, props.deletesAt)
  return mailOf(letter, words.subject(letter.brand.name), words.title, [
    { kind: 'text', text: words.what(letter.brand.name, props.email, at) },
    { kind: 'text', text: words.keep(at) },
    { kind: 'button', label: words.button, url: `${props.pagesUrl}/sign-in` },
    { kind: 'quiet', text: words.nothing },
  ])
}

export function keptMail(letter: Letter, props: { email: string; pagesUrl: string }): Mail {
  const words = letter.words.accountLife.mails.kept
  return mailOf(letter, words.subject(letter.brand.name), words.title, [
    { kind: 'text', text: words.what(letter.brand.name, props.email) },
    { kind: 'quiet', text: words.notYou },
    { kind: 'button', label: words.button, url: `${props.pagesUrl}/account` },
  ])
}
