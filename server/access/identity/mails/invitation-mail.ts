import { type Letter, type Mail, mailOf, mailTime } from './mail.ts'

export interface InvitationMailProps {
  organization: string
  inviter: string | null
  /** A whole URL. */
  linkUrl: string
  expiresAt: Date
}

/** Longer names are somebody's message, not a name. */
const NAME_LENGTH_MAX = 80

/** To somebody who may never have heard of us: who, where, until when, and that ignoring it does no harm. */
export function invitationMail(letter: Letter, props: InvitationMailProps): Mail {
  const words = letter.words.mails.invitation
  const organization = plainName(props.organization)
  const inviter = props.inviter === null ? '' : plainName(props.inviter)
  const brand = letter.brand.name
  return mailOf(letter, words.subject(organization, brand), words.title(organization), [
    { kind: 'text', text: inviter ? words.by(inviter, organization, brand) : words.what(organization, brand) },
    { kind: 'button', label: words.button, url: props.linkUrl },
    { kind: 'text', text: words.until(mailTime(letter, props.expiresAt)) },
    { kind: 'quiet', text: words.notYou },
  ])
}

/** Names are written by those who invite, and our mail must not carry their message: nothing that becomes a link. */
function plainName(name: string): string {
  const plain = name
    .replace(/[^\p{L}\p{M}\p{N} ()&'’+,-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return plain.slice(0, NAME_LENGTH_MAX).trim()
}
