import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { type Letter, type Mail, mailOf } from '../mails/mail.ts'
import type { Parts } from '../parts.ts'
import type { User } from '../user.ts'

interface Told {
  user: Pick<User, 'email' | 'locale' | 'time_zone'>
  /** What it is called. */
  provider: string
  pagesUrl: string
}

/** There is one more way into the account; whoever did not add it can take it away. */
export const tellLinked = (parts: Parts, told: Told): void => tell(parts, told, 'identity-linked', linkedMail)

/** They have proven the address for the first time: somebody may have come in before them, on a provider's word. */
export const tellKnownAt = (parts: Parts, told: Told): void => tell(parts, told, 'identity-known', knownMail)

export const tellUnlinked = (parts: Parts, told: Told): void => tell(parts, told, 'identity-unlinked', unlinkedMail)

type Compose = (letter: Letter, props: { email: string; provider: string; pagesUrl: string }) => Mail

function tell(parts: Parts, { user, provider, pagesUrl }: Told, purpose: string, compose: Compose): void {
  const { email } = user
  parts.mailer.send({
    to: email,
    purpose,
    reader: { locale: user.locale, zone: user.time_zone },
    audience: ACCOUNT_AUDIENCE,
    lane: 'notice',
    compose: (letter) => compose(letter, { email, provider, pagesUrl }),
  })
}

export const linkedMail: Compose = (letter, { email, provider, pagesUrl }) => {
  const words = letter.words.federation.mails.linked
  return mailOf(letter, words.subject(provider, letter.brand.name), words.title(provider), [
    { kind: 'text', text: words.what(provider, letter.brand.name, email) },
    { kind: 'text', text: words.wasYou },
    { kind: 'text', text: words.notYou },
    { kind: 'button', label: words.button, url: `${pagesUrl}/account/linked-identities` },
  ])
}

export const knownMail: Compose = (letter, { email, provider, pagesUrl }) => {
  const words = letter.words.federation.mails.known
  return mailOf(letter, words.subject(provider, letter.brand.name), words.title(provider), [
    { kind: 'text', text: words.what(provider, letter.brand.name, email) },
    { kind: 'text', text: words.wasYou },
    { kind: 'text', text: words.notYou },
    { kind: 'button', label: words.button, url: `${pagesUrl}/account/linked-identities` },
  ])
}

export const unlinkedMail: Compose = (letter, { email, provider, pagesUrl }) => {
  const words = letter.words.federation.mails.unlinked
  return mailOf(letter, words.subject(provider, letter.brand.name), words.title(provider), [
    { kind: 'text', text: words.what(provider, letter.brand.name, email) },
    { kind: 'quiet', text: words.notYou },
    { kind: 'button', label: words.button, url: `${pagesUrl}/account/linked-identities` },
  ])
}
