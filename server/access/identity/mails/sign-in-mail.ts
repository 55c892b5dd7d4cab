import { type Letter, type Mail, mailOf, mailTime, type Part, plainDevice, spaced } from './mail.ts'

export interface SignInMailProps {
  /** Null when only the link is accepted (100 wrong codes in 24 h, and the browser is not known). */
  code: string | null
  /** A whole URL. */
  linkUrl: string
  requestedAt: Date
  expiresAt: Date
  /** Of the browser that asked, see `words.device`. */
  device: string
  /** The provider, by its name, of which the person is known once they have typed it. */
  joins?: string | null
}

/** The code stands in the subject: most people never open the mail. */
export function signInMail(letter: Letter, props: SignInMailProps): Mail {
  const words = letter.words.mails.signIn
  const { code, expiresAt, requestedAt } = props
  const brand = letter.brand.name
  const minutes = Math.round((expiresAt.getTime() - requestedAt.getTime()) / 60_000)
  const until = mailTime(letter, expiresAt)
  const ways: Part[] = code
    ? [
        { kind: 'text', text: words.code },
        { kind: 'code', code },
        { kind: 'text', text: words.link },
      ]
    : [{ kind: 'text', text: words.linkOnly }]

  return mailOf(letter, subjectOf(letter, props), words.title(brand), [
    ...(props.joins ? [{ kind: 'text', text: letter.words.federation.mails.joins(props.joins) } as const] : []),
    ...ways,
    { kind: 'button', label: words.button, url: props.linkUrl },
    { kind: 'text', text: code ? words.until(until, minutes) : words.linkUntil(until, minutes) },
    { kind: 'quiet', text: words.asked(plainDevice(letter, props.device), mailTime(letter, requestedAt)) },
    { kind: 'quiet', text: words.notYou },
  ])
}

function subjectOf({ words, brand }: Letter, { code, joins }: SignInMailProps): string {
  if (code === null) return words.mails.signIn.linkOnlySubject(brand.name)
  const shown = spaced(code)
  return joins
    ? words.federation.mails.joinsSubject(shown, joins, brand.name)
    : words.mails.signIn.subject(shown, brand.name)
}
