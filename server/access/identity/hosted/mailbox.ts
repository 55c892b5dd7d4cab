import { type Static, Type } from 'typebox'
import { type Answer, type Call, json, page } from '../../../platform/http/index.ts'
import { isLoopbackOrigin } from '../../../platform/loopback.ts'
import { type ReceivedMail, readMail, readMailbox } from '../../../platform/mail/index.ts'
import { mailboxPage, mailGonePage, mailPage } from '../pages/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { wordsFor } from '../words/words.ts'
import { pageOf } from './page-of.ts'

export const MailQuery = Type.Object({ id: Type.Optional(Type.String({ maxLength: 64 })) })
export const MailId = Type.Object({ id: Type.String({ maxLength: 64 }) })

/** A proxy in front means that somebody else than the developer may be asking. */
const FORWARDING = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'cf-connecting-ip',
  'true-client-ip',
]

/** `GET /dev/mail`: the inbox of the development sink. Whoever reads it can sign in as anybody. */
export async function showMailbox(parts: Parts, call: Call<unknown, Static<typeof MailQuery>>): Promise<Answer> {
  if (call.query.id !== undefined) return showDevelopmentMail(parts, call, call.query.id)
  const mails = await readMailbox(folderFor(parts, call))
  return page(200, mailboxPage(inEnglish(parts, call), { mails }))
}

export async function showDevelopmentMail(parts: Parts, call: Call, id: string): Promise<Answer> {
  const mail = await readMail(folderFor(parts, call), id)
  const view = inEnglish(parts, call)
  return mail ? page(200, mailPage(view, mail)) : page(404, mailGonePage(view))
}

/** Like the documentation: it is for whoever develops. */
const inEnglish = (parts: Parts, call: Call) => ({ ...pageOf(parts, call), words: wordsFor('en'), path: null })

/** `GET /dev/mail.json`: the same, for tests and drills. */
export async function listDevelopmentMail(parts: Parts, call: Call): Promise<Answer> {
  const mails: ReceivedMail[] = await readMailbox(folderFor(parts, call))
  return json(200, { data: mails })
}

/**
 * Only where nobody but the developer can ask: mail goes nowhere else, the installation and the Host of the request are
 * loopback (a name that somebody points at 127.0.0.1 is not), and nothing stands in between.
 */
function folderFor(parts: Parts, call: Call): string {
  const isHere =
    isLoopbackOrigin(parts.config.url) &&
    isLoopbackHost(call.headers.host ?? '') &&
    isLoopbackHost(call.address.includes(':') ? `[${call.address}]` : call.address) &&
    call.application === null &&
    FORWARDING.every((name) => call.headers[name] === undefined)
  if (!isHere || parts.mailFolder === null) throw refuse('no_development_mail')
  return parts.mailFolder
}

function isLoopbackHost(host: string): boolean {
  const url = URL.parse(`http://${host}`)
  return url !== null && isLoopbackOrigin(url.origin)
}
