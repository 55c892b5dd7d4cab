import { type Static, Type } from 'typebox'
import { CONSOLE_AUDIENCE } from '../../../ground/applications/index.ts'
import { isEnrolmentOpen } from '../../../ground/environment/index.ts'
import { type Answer, type Call, page, redirect } from '../../../platform/http/index.ts'
import { deviceOf } from '../../sessions/index.ts'
import { browserOf } from '../browser.ts'
import { digestOfToken, isToken } from '../challenge.ts'
import { type EmailFault, readEmail } from '../email.ts'
import { enrolDonePage, enrolPage, enrolSpentPage } from '../pages/index.ts'
import type { Parts } from '../parts.ts'
import { startSignIn } from '../start-sign-in.ts'
import { type CodeForm, type CodePlace, postCode, showCode } from './code.ts'
import { languageFor } from './language.ts'
import { formTo, pageOf } from './page-of.ts'

export const EnrolToken = Type.Object({ token: Type.String({ maxLength: 200 }) })
export const EnrolForm = Type.Object({ email: Type.Optional(Type.String({ maxLength: 4096 })) })
type EnrolCall<Body = unknown> = Call<Body, unknown, { token: string }>

/** `GET /enrol/{token}`: opening the link consumes nothing. */
export async function showEnrol(parts: Parts, call: EnrolCall): Promise<Answer> {
  return (await isOpen(parts, call)) ? enrolPageOf(parts, call) : spent(parts, call)
}

/** `POST /enrol/{token}`: sends the mail; the link is used up when its code is right. */
export async function postEnrol(parts: Parts, call: EnrolCall<Static<typeof EnrolForm>>): Promise<Answer> {
  if (!(await isOpen(parts, call))) return spent(parts, call)
  const { token } = call.params
  const typed = call.body.email ?? ''
  const read = readEmail(typed)
  if (read.outcome !== 'ok') return enrolPageOf(parts, call, { typed, error: read.outcome })

  const browser = browserOf(call)
  await startSignIn(parts, {
    email: read.email,
    purpose: 'enrol',
    browser,
    audience: CONSOLE_AUDIENCE,
    returnTo: `${call.origin}/console/`,
    device: deviceOf(call.headers, call.address),
    pagesUrl: call.origin,
    language: languageFor(call),
    enrolmentDigest: digestOfToken(token),
  })
  return redirect(`/enrol/${token}/code`, { cookies: browser.cookies })
}

export async function showEnrolCode(parts: Parts, call: EnrolCall): Promise<Answer> {
  return (await isOpen(parts, call)) ? showCode(parts, call, enrolPlace(parts, call)) : spent(parts, call)
}

export async function postEnrolCode(parts: Parts, call: EnrolCall<CodeForm>): Promise<Answer> {
  return postCode(parts, call, enrolPlace(parts, call))
}

/** By the code of its mail or by its link, an enrolment ends on this page. */
export function enrolled(parts: Parts, call: Call, user: { email: string; locale: string | null }): string {
  return enrolDonePage(pageOf(parts, call, user), { email: user.email, consolePath: '/console/' })
}

function enrolPlace(parts: Parts, call: EnrolCall): CodePlace {
  const path = `/enrol/${call.params.token}`
  return {
    purposes: ['enrol'],
    codePath: `${path}/code`,
    startPath: () => path,
    resend: ({ email }) => formTo(path, { email }),
    goOn: ({ user, cookies }) => page(200, enrolled(parts, call, user), { cookies }),
  }
}

/** The console is on Holdfast's own origin, and so is everything that makes an administrator. */
async function isOpen(parts: Parts, call: EnrolCall): Promise<boolean> {
  const { token } = call.params
  if (call.application !== null || !isToken(token)) return false
  return isEnrolmentOpen(parts.db, digestOfToken(token), parts.clock.now())
}

function enrolPageOf(parts: Parts, call: EnrolCall, entry?: { typed: string; error: EmailFault }): Answer {
  const form = formTo(`/enrol/${call.params.token}`)
  const props = { form, email: entry?.typed ?? '', error: entry?.error ?? null, expiresAt: null }
  return page(entry ? 400 : 200, enrolPage(pageOf(parts, call), props))
}

const spent = (parts: Parts, call: Call) => page(410, enrolSpentPage(pageOf(parts, call)))
