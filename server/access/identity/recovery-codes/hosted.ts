import { type Static, Type } from 'typebox'
import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, page, redirect } from '../../../platform/http/index.ts'
import { askToKeep } from '../accounts/hosted.ts'
import { audienceOf, querySaying, returnToOf } from '../audience.ts'
import { browserOf } from '../browser.ts'
import { readEmail } from '../email.ts'
import { freshPerson } from '../hosted/fresh-person.ts'
import { formTo, namedAudience, pageOf } from '../hosted/page-of.ts'
import { throughOutage } from '../hosted/through-outage.ts'
import type { Parts } from '../parts.ts'
import { makeRecoveryCodes, recoveryCodesOf } from './make-codes.ts'
import { madeCodesPage, recoveryCodesPage, type UseCodeProps, useCodePage } from './pages.ts'
import { useRecoveryCode } from './use-code.ts'

const PATH = '/account/recovery-codes'
const SIGN_IN_PATH = '/sign-in/recovery-code'
const Text = Type.Optional(Type.String({ maxLength: 4096 }))
export const RecoveryQuery = Type.Object({ application: Text, return_to: Text })
export const RecoveryForm = Type.Object({ application: Text, return_to: Text, email: Text, code: Text })

/** `GET /account/recovery-codes`: how many are left; never the codes. */
export async function showRecoveryCodes(parts: Parts, call: Call): Promise<Answer> {
  const answer = await parts.sessions.verify(call, { audience: call.application ?? ACCOUNT_AUDIENCE })
  if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
  const back = encodeURIComponent(`${call.prefix}${PATH}`)
  if (answer.verdict === 'invalid') return redirect(`${call.prefix}/sign-in?return_to=${back}`)
  const { left, made_at: madeAt } = await recoveryCodesOf(parts, answer.session.user.id)
  return page(200, recoveryCodesPage(pageOf(parts, call), { left, madeAt, form: formTo(PATH) }))
}

/** `POST /account/recovery-codes`: after a fresh sign-in, by the strongest method. Shown this once. */
export async function postRecoveryCodes(parts: Parts, call: Call): Promise<Answer> {
  const person = await freshPerson(parts, call, PATH)
  if ('answer' in person) return person.answer
  const codes = await makeRecoveryCodes(parts, call)
  return page(200, madeCodesPage(pageOf(parts, call), { codes, email: person.session.user.email ?? '' }))
}

/** `GET /sign-in/recovery-code`. */
export function showUseCode(parts: Parts, call: Call<unknown, Static<typeof RecoveryQuery>>): Answer {
  const errand = errandOf(parts, call, call.query)
  return useCodePageOf(parts, call, errand, { status: 200 })
}

/** `POST /sign-in/recovery-code`. */
export function postUseCode(parts: Parts, call: Call<Static<typeof RecoveryForm>>): Promise<Answer> {
  return throughOutage(parts, call, async () => {
    const { email: typed = '', code = '', application } = call.body
    const errand = errandOf(parts, call, call.body)
    const again = (props: Pick<UseCodeProps, 'error' | 'emailError'>) =>
      useCodePageOf(parts, call, errand, { status: 400, email: typed, ...props })
    const read = readEmail(typed)
    if (read.outcome !== 'ok') return again({ emailError: read.outcome })
    const { returnTo } = errand
    const used = await useRecoveryCode(parts, call, { email: read.email, code, application, returnTo })
    if (used.outcome === 'wrong' || used.outcome === 'used') return again({ error: 'wrong' })
    if (used.outcome === 'deleting') return askToKeep(parts, call, used)
    return redirect(returnTo, { cookies: used.signedIn.cookies })
  })
}

interface Errand {
  audience: string
  returnTo: string
}

function errandOf(parts: Parts, call: Call, said: Static<typeof RecoveryQuery>): Errand {
  const audience = audienceOf(call, said.application)
  return { audience, returnTo: returnToOf(parts, call, audience, said.return_to) }
}

function useCodePageOf(
  parts: Parts,
  call: Call,
  { audience, returnTo }: Errand,
  { status, ...props }: { status: number } & Pick<UseCodeProps, 'email' | 'error' | 'emailError'>,
): Answer {
  const form = formTo(SIGN_IN_PATH, { application: namedAudience(audience), return_to: returnTo })
  const otherPath = `/sign-in${querySaying(call, audience, returnTo)}`
  // Whoever tries a code is counted by browser: a page without a cookie would be counted by network alone.
  const { cookies } = browserOf(call)
  return page(status, useCodePage(pageOf(parts, call), { form, otherPath, ...props }), {
    formActions: [new URL(returnTo).origin],
    cookies,
  })
}
