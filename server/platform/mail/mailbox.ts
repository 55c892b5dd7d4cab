import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import PostalMime from 'postal-mime'

export interface ReceivedMail {
  id: string
  to: string
  from: string
  subject: string
  date: Date
  text: string
  html: string
  /** Six digits that stand in the subject, without their gap. */
  code?: string
}

/** Larger than this is none of ours; the sink refuses it too. */
export const MAIL_SIZE_MAX = 1024 * 1024
/** What a list shows; each mail of it is read and parsed. */
const LIST_MAX = 50
const NAME = /^(mail_[0-9a-z]{26})\.eml$/

/** The newest mails of a sink's folder, newest first. A folder that is not there is empty. */
export async function readMailbox(folder: string, limit: number = LIST_MAX): Promise<ReceivedMail[]> {
  const ids = (await mailIds(folder)).reverse().slice(0, Math.min(limit, LIST_MAX))
  const mails: ReceivedMail[] = []
  for (const id of ids) {
    const mail = await readMail(folder, id)
    if (mail) mails.push(mail)
  }
  return mails
}

/** One mail; undefined when it is gone, too large, or the id is none. */
export async function readMail(folder: string, id: string): Promise<ReceivedMail | undefined> {
  const name = `${id}.eml`
  // An id comes from a URL: only what the sink itself would have named is ever opened.
  if (!NAME.test(name)) return undefined
  try {
    const path = join(folder, name)
    if ((await stat(path)).size > MAIL_SIZE_MAX) return undefined
    return await parseMail(id, await readFile(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Oldest first: the names are time-ordered. */
export async function mailIds(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder)
    return names.flatMap((name) => NAME.exec(name)?.[1] ?? []).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

async function parseMail(id: string, bytes: Buffer): Promise<ReceivedMail> {
  const mail = await PostalMime.parse(bytes)
  const subject = mail.subject ?? ''
  const digits = subject.match(/(?<!\d)(\d{3}) ?(\d{3})(?!\d)/)
  return {
    id,
    to: (mail.to ?? []).map(({ address }) => address ?? '').join(', '),
    from: mail.from?.name ? `${mail.from.name} <${mail.from.address ?? ''}>` : (mail.from?.address ?? ''),
    subject,
    date: mail.date && !Number.isNaN(Date.parse(mail.date)) ? new Date(mail.date) : new Date(0),
    text: mail.text ?? '',
    html: mail.html ?? '',
    ...(digits && { code: `${digits[1]}${digits[2]}` }),
  }
}
