import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { type Letter, type Mail, mailOf, mailTime, spaced } from '../mails/mail.ts'
import type { Parts } from '../parts.ts'
import type { User } from '../user.ts'
import { codeOf, type EmailChange, linkToken } from './email-change.ts'

interface Started {
  change: EmailChange
  user: User
  pagesUrl: string
  language: string | undefined
}

/** To the new address what proves it, or that it has an account; to the old one, that staff asked for it. */
export function tellStarted(parts: Parts, { change, user, pagesUrl, language }: Started): void {
  const reader = { locale: user.locale ?? language, zone: user.time_zone }
  const common = { audience: ACCOUNT_AUDIENCE, reader, purpose: 'email-change' } as const
  const { expires_at: expiresAt, old_email: old, new_email: email } = change
  parts.mailer.send({
    ...common,
    to: email,
    // Nobody's language: whose mailbox it is is not known.
    reader: change.is_possible ? reader : { locale: language },
    lane: 'urgent',
    expiresAt,
    compose: (letter) => {
      if (!change.is_possible) return takenMail(letter, { email, pagesUrl })
      if (change.proof === 'code') return codeMail(letter, { code: codeOf(parts.secret, change.id), email, expiresAt })
      const url = `${pagesUrl}/email-change/${linkToken(parts.secret, 'prove', change.id)}`
      return linkMail(letter, { email, url, expiresAt })
    },
  })
  if (change.proof === 'code') return
  const url = undoUrl(parts, change, pagesUrl)
  parts.mailer.send({ ...common, to: old, lane: 'notice', compose: (letter) => askedMail(letter, { email: old, url }) })
}

/** To both addresses; the old one gets the way back. */
export function tellChanged(
  parts: Parts,
  { change, user, pagesUrl }: { change: EmailChange; user: User; pagesUrl: string },
): void {
  const reader = { locale: user.locale, zone: user.time_zone }
  const common = { audience: ACCOUNT_AUDIENCE, reader, purpose: 'email-changed', lane: 'notice' } as const
  const { old_email: old, new_email: email } = change
  const url = undoUrl(parts, change, pagesUrl)
  const until = change.undo_until!
  parts.mailer.send({ ...common, to: old, compose: (letter) => changedMail(letter, { old, url, until }) })
  parts.mailer.send({ ...common, to: email, compose: (letter) => arrivedMail(letter, { email, pagesUrl }) })
}

export function tellUndone(parts: Parts, { user, pagesUrl }: { user: User; pagesUrl: string }): void {
  const reader = { locale: user.locale, zone: user.time_zone }
  const { email } = user
  parts.mailer.send({
    audience: ACCOUNT_AUDIENCE,
    reader,
    purpose: 'email-change-undone',
    lane: 'notice',
    to: email,
    compose: (letter) => undoneMail(letter, { email, pagesUrl }),
  })
}

const undoUrl = (parts: Parts, change: EmailChange, pagesUrl: string) =>
  `${pagesUrl}/email-change/undo/${linkToken(parts.secret, 'undo', change.id)}`

export function codeMail(letter: Letter, props: { code: string; email: string; expiresAt: Date }): Mail {
  const words = letter.words.emailChange.mails.code
  return mailOf(letter, words.subject(spaced(props.code), letter.brand.name), words.title, [
    { kind: 'text', text: words.what(letter.brand.name, props.email) },
    { kind: 'code', code: props.code },
    { kind: 'text', text: words.until(mailTime(letter, props.expiresAt)) },
    { kind: 'quiet', text: words.notYou },
  ])
}

export function linkMail(letter: Letter, props: { email: string; url: string; expiresAt: Date }): Mail {
  const words = letter.words.emailChange.mails.link
  return mailOf(letter, words.subject(letter.brand.name), words.title, [
    { kind: 'text', text: words.what(letter.brand.name, props.email) },
    { kind: 'button', label: words.button, url: props.url },
    { kind: 'text', text: words.until(mailTime(letter, props.expiresAt)) },
    { kind: 'quiet', text: words.notYou },
  ])
}

export function takenMail(letter: Letter, props: { email: string; pagesUrl: string }): Mail {
  const words = letter.words.emailChange.mails.taken
  return mailOf(letter, words.subject(letter.brand.name), words.title, [
    { kind: 'text', text: words.what(letter.brand.name, props.email) },
    { kind: 'text', text: words.next },
    { kind: 'button', label: words.button, url: `${props.pagesUrl}/sign-in` },
    { kind: 'quiet', text: words.notYou },
  ])
}

export function askedMail(letter: Letter, props: { email: string; url: string }): Mail {
  const words = letter.words.emailChange.mails.asked
  return mailOf(letter, words.subject(letter.brand.name), words.title, [
    { kind: 'text', text: words.what(letter.brand.name, props.email) },
    { kind: 'text', text: words.wasYou },
    { kind: 'text', text: words.notYou },
    { kind: 'button', label: words.button, url: props.url },
  ])
}

/** The new address is not named: if it was somebody else, their mailbox is not the owner's business in a mail. */
export function changedMail(letter: Letter, props: { old: string; url: string; until: Date }): Mail {
  const words = letter.words.emailChange.mails.changed
  return mailOf(letter, words.subject(letter.brand.name), words.title, [
    { kind: 'text', text: words.what(letter.brand.name, props.old) },
    { kind: 'text', text: words.wasYou },
    { kind: 'text', text: words.notYou(mailTime(letter, props.until)) },
    { kind: 'button', label: words.button, url: props.url },
  ])
}

export function arrivedMail(letter: Letter, props: { email: string; pagesUrl: string }): Mail {
  const words = letter.words.emailChange.mails.arrived
  return mailOf(letter, words.subject(letter.brand.name), words.title, [
    { kind: 'text', text: words.what(letter.brand.name, props.email) },
    { kind: 'button', label: words.button, url: `${props.pagesUrl}/account` },
  ])
}

export function undoneMail(letter: Letter, props: { email: string; pagesUrl: string }): Mail {
  const words = letter.words.emailChange.mails.undone
  return mailOf(letter, words.subject(letter.brand.name), words.title, [
    { kind: 'text', text: words.what(letter.brand.name, props.email) },
    { kind: 'text', text: words.next },
    { kind: 'button', label: words.button, url: `${props.pagesUrl}/sign-in` },
  ])
}
