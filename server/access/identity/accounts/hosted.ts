import { type Static, Type } from 'typebox'
import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { byCaller } from '../../../ground/audit/index.ts'
import { type Answer, type Call, json, page, redirect } from '../../../platform/http/index.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { querySaying } from '../audience.ts'
import { readEmail } from '../email.ts'
import { freshPerson } from '../hosted/fresh-person.ts'
import { formTo, pageOf } from '../hosted/page-of.ts'
import { throughOutage } from '../hosted/through-outage.ts'
import type { Parts } from '../parts.ts'
import { findUser } from '../queries.ts'
import { requestDeletion } from './delete-user.ts'
import { closing } from './end-sessions.ts'
import { exportPerson } from './export-person.ts'
import { type AskedToKeep, keepAccount, sealKeep } from './keep-account.ts'
import { tellDeletion } from './mails.ts'
import { type DeletePageProps, deletePage, deletionBegunPage, keepPage } from './pages/delete-page.ts'
import { exportAskPage, exportPage } from './pages/export-page.ts'

export const DeleteForm = Type.Object({ email: Type.Optional(Type.String({ maxLength: 4096 })) })
export const KeepForm = Type.Object({
  keep: Type.Optional(Type.String({ maxLength: 6000 })),
  return_to: Type.Optional(Type.String({ maxLength: 4096 })),
})

/** `GET /account/delete`. */
export async function showDelete(parts: Parts, call: Call): Promise<Answer> {
  const person = await freshPerson(parts, call, '/account/delete')
  return 'answer' in person ? person.answer : deletePageOf(parts, call, person.session.user.id, {})
}

/** `POST /account/delete`: by the typed address, and with a sign-in that is fresh even now. */
export async function postDelete(parts: Parts, call: Call<Static<typeof DeleteForm>>): Promise<Answer> {
  const person = await freshPerson(parts, call, '/account/delete')
  if ('answer' in person) return person.answer
  const { id: userId, email } = person.session.user
  const typed = call.body.email ?? ''
  const read = readEmail(typed)
  const isTyped = read.outcome === 'ok' && read.email.key === email?.toLowerCase()
  if (!isTyped) return deletePageOf(parts, call, userId, { typed, error: 'not-typed' })
  try {
    return await beginDeletion(parts, call, userId)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'identity.last_administrator') throw error
    return deletePageOf(parts, call, userId, { typed, error: 'last-administrator' })
  }
}

async function beginDeletion(parts: Parts, call: Call, userId: string): Promise<Answer> {
  const { user, isNew } = await closing(parts, { userId, reason: 'account_deleted', by: userId }, (end) =>
    parts.db.transaction((db) => requestDeletion(parts, db, { userId, by: byCaller(call, userId), end })),
  )
  if (isNew) tellDeletion(parts, user, `${call.origin}${call.prefix}`)
  const cookies = parts.sessions.clearing(call, call.application ?? ACCOUNT_AUDIENCE)
  return page(200, deletionBegunPage(pageOf(parts, call, user), { deletesAt: user.deletes_at! }), { cookies })
}

async function deletePageOf(
  parts: Parts,
  call: Call,
  userId: string,
  said: Pick<DeletePageProps, 'typed' | 'error'>,
): Promise<Answer> {
  const user = await findUser(parts.db, userId)
  if (!user) throw new Error('a person with a session has no account')
  const deletesAt = new Date(parts.clock.now().getTime() + parts.config.deletionGraceMs)
  const props = { form: formTo('/account/delete'), email: user.email, deletesAt, ...said }
  return page(said.error ? 400 : 200, deletePage(pageOf(parts, call, user), props))
}

/** What somebody sees whose code was right while their account waits to be deleted. */
export function askToKeep(parts: Parts, call: Call, asked: AskedToKeep): Answer {
  const { challenge, user } = asked
  const { return_to } = challenge
  const form = formTo('/sign-in/keep', { keep: sealKeep(parts, asked), return_to })
  const props = { form, email: user.email, deletesAt: user.deletes_at! }
  // What they came with was used up by this answer: in another language it is begun again.
  const view = { ...pageOf(parts, call, user), path: `/sign-in${querySaying(call, challenge.audience, return_to)}` }
  return page(200, keepPage(view, props), { formActions: [new URL(return_to).origin] })
}

/** `POST /sign-in/keep`: the button on that page. */
export function postKeep(parts: Parts, call: Call<Static<typeof KeepForm>>): Promise<Answer> {
  return throughOutage(parts, call, async () => {
    const { challenge, cookies } = await keepAccount(parts, call, call.body.keep ?? '')
    return redirect(challenge.return_to, { cookies })
  })
}

/** `GET /account/export`. */
export async function showExport(parts: Parts, call: Call): Promise<Answer> {
  const person = await freshPerson(parts, call, '/account/export')
  return 'answer' in person ? person.answer : page(200, exportAskPage(pageOf(parts, call)))
}

/** `GET /account/export/page`. */
export async function showExportPage(parts: Parts, call: Call): Promise<Answer> {
  const person = await freshPerson(parts, call, '/account/export')
  if ('answer' in person) return person.answer
  const userId = person.session.user.id
  const user = await findUser(parts.db, userId)
  return page(200, exportPage(pageOf(parts, call, user), await exportPerson(parts, call, userId)))
}

/** `GET /account/export/file`. */
export async function sendExportFile(parts: Parts, call: Call): Promise<Answer> {
  const person = await freshPerson(parts, call, '/account/export')
  return 'answer' in person ? person.answer : exportFile(parts, call, person.session.user.id)
}

export async function exportFile(parts: Parts, call: Call, userId: string): Promise<Answer> {
  const headers = { 'content-disposition': `attachment; filename="holdfast-${userId.replace(/[^\w]/g, '')}.json"` }
  return json(200, await exportPerson(parts, call, userId), { headers })
}
