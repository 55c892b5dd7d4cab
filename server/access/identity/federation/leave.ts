import { type Static, Type } from 'typebox'
import type { SessionAnswer } from '../../../../sdk/contract.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, page } from '../../../platform/http/index.ts'
import type { Provider } from '../../providers/index.ts'
import { readEmail } from '../email.ts'
import { type Errand, errandFields, errandOf } from '../hosted/errand.ts'
import { pageOf } from '../hosted/page-of.ts'
import type { Parts } from '../parts.ts'
import { type Depart, depart } from './depart.ts'
import { goingPage } from './pages/going-page.ts'
import { linkedOf } from './queries.ts'
import { lookAt, offeredProvider, shown } from './show-provider.ts'

export const ProviderForm = Type.Object({
  ...errandFields,
  email: Type.Optional(Type.String({ maxLength: 4096 })),
  // The person has seen that it is down, and wants to go there all the same.
  anyway: Type.Optional(Type.String({ maxLength: 8 })),
  // The browser can keep one: it is offered once the person is in.
  passkeys: Type.Optional(Type.String({ maxLength: 8 })),
})

/** `POST /sign-in/provider/{id}`: "Continue with X". Nobody is sent into a void: first it is looked whether X answers. */
export async function postProvider(
  parts: Parts,
  call: Call<Static<typeof ProviderForm>, unknown, { id: string }>,
): Promise<Answer> {
  const { email: typed = '', anyway, passkeys, ...said } = call.body
  const errand = errandOf(parts, call, said)
  const provider = offeredProvider(parts, call.params.id, errand.audience)
  const read = readEmail(typed)
  const email = read.outcome === 'ok' ? read.email : null
  const seen = anyway === '1' ? null : await lookAt(parts, provider)
  if (seen && !seen.canGo) return shown(parts, call, { provider, errand, email, standing: seen.standing, looked: 0 })
  const whose = await purposeOf(parts, call, errand, provider)
  return goTo(parts, call, {
    ...whose,
    provider,
    audience: errand.audience,
    returnTo: errand.returnTo,
    // Whoever asks for a fresh sign-in does not mean one of this morning, in another window.
    wantsFresh: errand.maxAge !== undefined,
    hasPasskeys: passkeys === 'yes',
    loginHint: email?.address,
  })
}

export async function goTo(parts: Parts, call: Call, leaving: Depart): Promise<Answer> {
  const { url, cookies } = await depart(parts, call, leaving)
  return page(200, goingPage(pageOf(parts, call), { name: leaving.provider.name, url }), { cookies })
}

/** A step-up is for whoever is signed in and linked there; for anybody else it is an ordinary sign-in. */
async function purposeOf(
  parts: Parts,
  call: Call,
  { audience, maxAge }: Errand,
  provider: Provider,
): Promise<Pick<Depart, 'purpose' | 'userId'>> {
  if (maxAge === undefined) return { purpose: 'sign-in', userId: null }
  const answer = await parts.sessions.verify(call, { audience })
  const userId = signedIn(answer)
  const isLinked = userId !== null && (await canStepUpBy(parts, userId, provider.id))
  return isLinked ? { purpose: 'step-up', userId } : { purpose: 'sign-in', userId: null }
}

function signedIn(answer: SessionAnswer): string | null {
  if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
  return answer.verdict === 'valid' && !answer.session.impersonator ? answer.session.user.id : null
}

/** Whether somebody can prove at this provider once more who they are. */
export async function canStepUpBy(parts: Pick<Parts, 'db'>, userId: string, providerId: string): Promise<boolean> {
  const linked = await linkedOf(parts.db, userId)
  return linked.some(({ provider_id }) => provider_id === providerId)
}
