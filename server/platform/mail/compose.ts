import MailComposer from 'nodemailer/lib/mail-composer'

export interface Address {
  name?: string
  address: string
}

/** A mail ready to go. Its `id` becomes the Message-ID, so that a copy over another server is the same mail. */
export interface OutgoingMail {
  id: string
  from: Address
  to: string
  subject: string
  text: string
  html: string
  date: Date
}

/** RFC 5321 §4.5.3.1.3. */
const ADDRESS_LENGTH_MAX = 254
/** One address, and nothing that ends a header, an envelope or an address list. */
const ADDRESS = /^[^\s\u0000-\u0020\u007f<>()[\]\\,;:"@]+@[^\s\u0000-\u0020\u007f<>()[\]\\,;:"@]+$/u

export function isAddress(text: string): boolean {
  return text.length <= ADDRESS_LENGTH_MAX && ADDRESS.test(text)
}

/** What stands in a header is one line: a line break would begin a header of somebody else's choosing. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').trim()
}

/** The bytes of the mail. Throws on an address that is not exactly one. */
export async function compose(mail: OutgoingMail): Promise<Buffer> {
  for (const address of [mail.from.address, mail.to]) {
    if (!isAddress(address)) throw new TypeError('a mail goes from one address to one address')
  }
  const composer = new MailComposer({
    messageId: messageIdOf(mail),
    from: { name: oneLine(mail.from.name ?? ''), address: mail.from.address },
    to: { name: '', address: mail.to },
    subject: oneLine(mail.subject),
    text: mail.text,
    html: mail.html,
    date: mail.date,
    // Holiday notes and ticket systems must not answer a code.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    // A mail holds what it was given, and reads neither files nor the network.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}

export function messageIdOf(mail: Pick<OutgoingMail, 'id' | 'from'>): string {
  const local = mail.id.replace(/[^\w.-]/g, '')
  return `<${local}@${mail.from.address.split('@').at(-1)}>`
}
