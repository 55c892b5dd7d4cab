import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { poll } from '../frame/wait.ts'

/** The development sink keeps two hundred; some more are remembered than one look can find new. */
const NAMES_REMEMBERED_MAX = 1000
const LOOK_EVERY_MS = 40
/** Six digits, in two groups as people read them. */
const CODE = /^subject:.*?\b(\d{3}) ?(\d{3})\b/im
const RECIPIENT = /^to:.*?([^\s<>:,"]+@[^\s<>,"]+)/im

/** The inbox of everybody in a drill: the folder into which the development sink writes. */
export interface Mailbox {
  /** Before a code is asked for: what came earlier is for an earlier sign-in. */
  forget(person: string): Promise<void>
  /** The code of the newest mail to a person, told once; null when none came in time. */
  codeFor(person: string, deadlineMs: number, signal: AbortSignal): Promise<string | null>
}

export function openMailbox(folder: string): Mailbox {
  const codes = new Map<string, string>()
  const names = new Set<string>()
  let looking: Promise<void> | undefined

  const look = async () => {
    for (const name of (await readdir(folder).catch(() => [])).filter((one) => one.endsWith('.eml')).sort()) {
      if (names.has(name)) continue
      const head = headOf(await readFile(join(folder, name), 'utf8').catch(() => ''))
      const [recipient, code] = [RECIPIENT.exec(head)?.[1], CODE.exec(head)]
      names.add(name)
      if (recipient && code) codes.set(recipient.toLowerCase(), `${code[1]}${code[2]}`)
    }
    for (const name of names) {
      if (names.size <= NAMES_REMEMBERED_MAX) break
      names.delete(name)
    }
  }
  // People who look at the same time look together.
  const lookTogether = () => {
    looking ??= look().finally(() => {
      looking = undefined
    })
    return looking
  }
  return {
    async forget(person) {
      await lookTogether()
      codes.delete(person)
    },
    codeFor(person, deadlineMs, signal) {
      return poll(
        async () => {
          await lookTogether()
          const code = codes.get(person) ?? null
          codes.delete(person)
          return code
        },
        { deadlineMs, signal, everyMs: LOOK_EVERY_MS },
      )
    },
  }
}

/** The header of a mail, with its folded lines made whole and quoted-printable words read. */
function headOf(mail: string): string {
  const end = mail.search(/\r?\n\r?\n/)
  return (end < 0 ? mail : mail.slice(0, end))
    .replace(/\?=\r?\n[ \t]+=\?/g, '?==?')
    .replace(/\r?\n[ \t]+/g, ' ')
    .replace(/=\?utf-8\?q\?(.*?)\?=/gi, (_, text: string) => readQuoted(text))
    .replace(/=\?utf-8\?b\?(.*?)\?=/gi, (_, text: string) => Buffer.from(text, 'base64').toString('utf8'))
}

function readQuoted(text: string): string {
  const bytes = text
    .replaceAll('_', ' ')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
