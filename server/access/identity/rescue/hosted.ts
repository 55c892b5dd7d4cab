import { type Static, Type } from 'typebox'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, page } from '../../../platform/http/index.ts'
import { readEmail } from '../email.ts'
import { formTo, pageOf } from '../hosted/page-of.ts'
import type { Parts } from '../parts.ts'
import { tellManagers } from './mails.ts'
import { rescuedPage, type RescueProps, rescuePage } from './page.ts'
import { useRescueCode } from './use-rescue.ts'

const PATH = '/sign-in/rescue'
const Text = Type.Optional(Type.String({ maxLength: 4096 }))
export const RescueForm = Type.Object({ email: Text, code: Text })

/** `GET /sign-in/rescue`: linked from nowhere but the mail; it asks nothing of the database. */
export const showRescue = (parts: Parts, call: Call): Answer => page(200, view(parts, call))

export async function postRescue(parts: Parts, call: Call<Static<typeof RescueForm>>): Promise<Answer> {
  const { email: typed = '', code = '' } = call.body
  const read = readEmail(typed)
  if (read.outcome !== 'ok') return page(400, view(parts, call, { email: typed, emailError: read.outcome }))
  const used = await useRescueCode(parts, call, { email: read.email, code })
  if (used.outcome === 'wrong') return page(400, view(parts, call, { email: typed, error: 'wrong' }))
  const { user, row, session, cookies } = used
  await telling(parts, () => tellManagers(parts, row, { kind: 'used', address: call.address }))
  const names = await telling(parts, () => parts.tenants.names(parts.db, [row.organization_id]))
  const shown = {
    organization: names?.get(row.organization_id) ?? row.organization_id,
    until: new Date(session.expires_at ?? row.expires_at),
    path: call.application === null ? '/account' : '/',
  }
  return page(200, rescuedPage(pageOf(parts, call, user), shown), { cookies })
}

/** The session stands, and so does the audit: no reason to keep anybody out. */
async function telling<T>({ log }: Parts, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DatabaseOutage)) throw error
    log.warn({}, 'nobody gets a mail about a rescue that was used: the database is away')
    return undefined
  }
}

const view = (parts: Parts, call: Call, entry: Partial<RescueProps> = {}) =>
  rescuePage(pageOf(parts, call), { form: formTo(PATH), ...entry })
