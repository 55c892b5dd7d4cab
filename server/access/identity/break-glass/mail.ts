import { type Letter, type Mail, mailOf, mailTime } from '../mails/mail.ts'

export interface BreakGlassMailProps {
  /** Whose code it was. */
  email: string
  at: Date
  left: number
  address: string
  consoleUrl: string
}

/** Sent to every administrator: a printed code was used, and whoever has the paper can use the next one. */
export function breakGlassMail(letter: Letter, props: BreakGlassMailProps): Mail {
  const words = letter.words.breakGlass.mail
  return mailOf(letter, words.subject(letter.brand.name), words.title, [
    { kind: 'text', text: words.what(props.email, letter.brand.name) },
    {
      kind: 'facts',
      facts: [
        [words.when, mailTime(letter, props.at)],
        [words.address, props.address],
        [words.left, String(props.left)],
      ],
    },
    { kind: 'text', text: words.next },
    { kind: 'button', label: words.button, url: props.consoleUrl },
  ])
}
