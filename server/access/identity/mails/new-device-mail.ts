import { type Letter, type Mail, mailOf, mailTime, plainDevice } from './mail.ts'

export interface NewDeviceMailProps {
  email: string
  device: string
  /** Null when it is not believed. */
  address: string | null
  signedInAt: Date
  /** The account page, a whole URL. */
  accountUrl: string
}

/** Sent after a sign-in from a browser that this account has not used before. */
export function newDeviceMail(letter: Letter, props: NewDeviceMailProps): Mail {
  const words = letter.words.mails.newDevice
  const brand = letter.brand.name
  const facts: [string, string][] = [
    [words.where, plainDevice(letter, props.device)],
    [words.when, mailTime(letter, props.signedInAt)],
  ]
  if (props.address) facts.push([words.address, props.address])
  return mailOf(letter, words.subject(brand), words.title, [
    { kind: 'text', text: words.what(brand, props.email) },
    { kind: 'facts', facts },
    { kind: 'text', text: words.wasYou },
    { kind: 'text', text: words.notYou },
    { kind: 'button', label: words.button, url: props.accountUrl },
  ])
}
