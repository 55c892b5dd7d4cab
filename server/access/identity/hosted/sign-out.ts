import { type Static, Type } from 'typebox'
import { type Answer, type Call, page, redirect } from '../../../platform/http/index.ts'
import { audienceOf, querySaying, returnToOf } from '../audience.ts'
import { signedOutPage, signOutPage } from '../pages/index.ts'
import type { Parts } from '../parts.ts'
import { formTo, namedAudience, pageOf } from './page-of.ts'

const Text = Type.Optional(Type.String({ maxLength: 4096 }))
export const SignOutFields = Type.Object({ application: Text, return_to: Text })
type SignOutFields = Static<typeof SignOutFields>

/** `GET /sign-out`: asks; a link or a picture on another site must sign nobody out. */
export async function showSignOut(parts: Parts, call: Call<unknown, SignOutFields>): Promise<Answer> {
  const { audience, returnTo } = errandOf(parts, call, call.query)
  const answer = await parts.sessions.verify(call, { audience })
  const view = pageOf(parts, call)
  const signInPath = `/sign-in${querySaying(call, audience, returnTo)}`
  if (answer.verdict === 'invalid') return page(200, signedOutPage(view, { done: 'here', signInPath }))

  const email = answer.verdict === 'valid' ? answer.session.user.email : null
  const form = formTo('/sign-out', { application: namedAudience(audience), return_to: call.query.return_to })
  return page(200, signOutPage(view, { form, email, stayUrl: returnTo }), { formActions: [new URL(returnTo).origin] })
}

/** `POST /sign-out`: the cookies go at once, whatever the database does (design §5). */
export async function postSignOut(parts: Parts, call: Call<SignOutFields>): Promise<Answer> {
  const { audience, returnTo } = errandOf(parts, call, call.body)
  const { outcome, cookies } = await parts.sessions.signOut(call, { audience })
  if (outcome === 'ended' && call.body.return_to) return redirect(returnTo, { cookies })
  const unknownSince = parts.database.isAway() ? parts.database.health().since : null
  const props = {
    done: outcome === 'ended' ? 'here' : 'pending',
    signInPath: `/sign-in${querySaying(call, audience, returnTo)}`,
    unknownSince,
  } as const
  return page(200, signedOutPage(pageOf(parts, call), props), { cookies })
}

function errandOf(parts: Parts, call: Call, said: SignOutFields): { audience: string; returnTo: string } {
  const audience = audienceOf(call, said.application)
  return { audience, returnTo: returnToOf(parts, call, audience, said.return_to) }
}
