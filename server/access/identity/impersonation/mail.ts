import { mailOf, mailTime } from '../mails/mail.ts'
import type { Parts } from '../parts.ts'
import type { User } from '../user.ts'
import type { ImpersonationRow } from './queries.ts'

/** The person is told at once who acts in their name, until when, and why; unless the operator has switched it off. */
export function tellPerson(parts: Parts, user: User, row: ImpersonationRow): void {
  if (parts.config.tellsImpersonation === false) return
  const { staff_name: staff, reason, started_at: startedAt, ends_at: endsAt } = row
  parts.mailer.notice(user, 'impersonation', (letter) => {
    const words = letter.words.impersonation.mail
    return mailOf(letter, words.subject(letter.brand.name), words.title, [
      { kind: 'text', text: words.what(letter.brand.name, user.email) },
      {
        kind: 'facts',
        facts: [
          [words.who, staff ?? words.support],
          [words.from, mailTime(letter, startedAt!)],
          [words.until, mailTime(letter, endsAt!)],
          [words.reason, reason],
        ],
      },
      { kind: 'text', text: words.cannot },
      { kind: 'text', text: words.notYou },
      { kind: 'button', label: words.button, url: `${parts.config.url}/account` },
    ])
  })
}
