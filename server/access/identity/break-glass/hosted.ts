import { type Static, Type } from 'typebox'
import { type Answer, type Call, page } from '../../../platform/http/index.ts'
import { readEmail } from '../email.ts'
import { formTo, mailNotice, pageOf } from '../hosted/page-of.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { breakGlassDonePage, breakGlassPage, type BreakGlassProps } from './page.ts'
import { useBreakGlassCode } from './use-code.ts'

const PATH = '/sign-in/break-glass'
const Text = Type.Optional(Type.String({ maxLength: 4096 }))
export const BreakGlassForm = Type.Object({ email: Text, code: Text })

/** `GET /sign-in/break-glass`: it asks neither the mail server nor the database. */
export function showBreakGlass(parts: Parts, call: Call): Answer {
  assertOurs(call)
  return page(200, view(parts, call))
}

export async function postBreakGlass(parts: Parts, call: Call<Static<typeof BreakGlassForm>>): Promise<Answer> {
  assertOurs(call)
  const { email: typed = '', code = '' } = call.body
  const read = readEmail(typed)
  if (read.outcome !== 'ok') return page(400, view(parts, call, { email: typed, emailError: read.outcome }))
  const used = await useBreakGlassCode(parts, call, { email: read.email, code })
  if (used.outcome === 'wrong') return page(400, view(parts, call, { email: typed, error: 'wrong' }))
  const { user, left, cookies } = used
  const props = { email: user.email, left, consolePath: '/console/' }
  return page(200, breakGlassDonePage(pageOf(parts, call, user), props), { cookies })
}

function view(parts: Parts, call: Call, entry: Partial<BreakGlassProps> = {}): string {
  const shown = pageOf(parts, call)
  return breakGlassPage(shown, { form: formTo(PATH), notice: mailNotice(parts, shown), ...entry })
}

/** The console is on Holdfast's own origin, and so is everything that opens it. */
function assertOurs(call: Call): void {
  if (call.application !== null) throw refuse('bad_application')
}
