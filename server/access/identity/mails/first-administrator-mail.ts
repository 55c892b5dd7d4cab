import { type Letter, type Mail, mailOf, mailTime, plainDevice } from './mail.ts'

export interface FirstAdministratorMailProps {
  email: string
  environment: string
  device: string
  enrolledAt: Date
  /** A whole URL. */
  consoleUrl: string
}

/** Sent to the first administrator, so that an enrolment by somebody else does not go unseen. */
export function firstAdministratorMail(letter: Letter, props: FirstAdministratorMailProps): Mail {
  const words = letter.words.mails.firstAdministrator
  const brand = letter.brand.name
  return mailOf(letter, words.subject(brand), words.title, [
    { kind: 'text', text: words.what(brand, props.environment, props.email) },
    { kind: 'text', text: words.next },
    { kind: 'button', label: words.button, url: props.consoleUrl },
    { kind: 'quiet', text: words.asked(plainDevice(letter, props.device), mailTime(letter, props.enrolledAt)) },
    { kind: 'quiet', text: words.notYou },
  ])
}
