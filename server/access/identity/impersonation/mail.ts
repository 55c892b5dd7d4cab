import { type Letter, type Mail, mailOf, mailTime } from '../mails/mail.ts'
import type { Parts } from '../parts.ts'
import type { User } from '../user.ts'
import type { ImpersonationRow } from './queries.ts'

/** The person is told at once who acts in their name, until when, and why; unless the operator has switched it off. */
export function tellPerson(parts: Parts, user: User, row: ImpersonationRow): void {
  if (parts.config.tellsImpersonation === false) return
  const { staff_name: staff, reason, started_at: startedAt, ends_at: endsAt } = row
  parts.mailer.notice(user, 'impersonation', (letter) =>
    impersonationMail(letter, {
      email: user.email,
      staff,
      reason,
      startedAt: startedAt!,
      endsAt: endsAt!,
      accountUrl: `${parts.config.url}/account`,
    }),
  )
}

export interface ImpersonationMailProps {
  email: string
  staff: string | null
  reason: string
  startedAt: Date
  endsAt: Date
  /** A whole URL. */
  accountUrl: string
}

export function impersonationMail(letter: Letter, props: ImpersonationMailProps): Mail {
  const words = letter.words.impersonation.mail
  return mailOf(letter, words.subject(letter.brand.name), words.title, [
    { kind: 'text', text: words.what(letter.brand.name, props.email) },
    {
      kind: 'facts',
      facts: [
        [words.who, props.staff ?? words.support],
        [words.from, mailTime(letter, props.startedAt)],
        [words.until, mailTime(letter, props.endsAt)],
        [words.reason, props.reason],
      ],
    },
    { kind: 'text', text: words.cannot },
    { kind: 'text', text: words.notYou },
    { kind: 'button', label: words.button, url: props.accountUrl },
  ])
}
