import { type Static, Type } from 'typebox'
import type { SessionAnswer } from '../../../../sdk/contract.ts'
import { CONSOLE_AUDIENCE } from '../../../ground/applications/index.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, page, redirect } from '../../../platform/http/index.ts'
import { deviceOf } from '../../sessions/index.ts'
import { querySaying } from '../audience.ts'
import { browserOf } from '../browser.ts'
import { type Email, type EmailFault, readEmail } from '../email.ts'
import { buttonsOf, providerFor, providerPageFor } from '../federation/show-provider.ts'
import { type SignInProps, signInPage } from '../pages/index.ts'
import type { Parts } from '../parts.ts'
import type { PasskeyWay } from '../passkeys/pages/sign-in-block.ts'
import { passkeysOffered, postPasskeySignIn, type ShownForm } from '../passkeys/sign-in-way.ts'
import { startSignIn } from '../start-sign-in.ts'
import { carried, type Errand, errandFields, errandOf } from './errand.ts'
import { isProvenStrongest } from './fresh-person.ts'
import { languageFor } from './language.ts'
import { formTo, mailNotice, pageOf } from './page-of.ts'

export const SignInQuery = Type.Object(errandFields)
type SignInQuery = Static<typeof SignInQuery>
export const SignInForm = Type.Object({
  ...errandFields,
  email: Type.Optional(Type.String({ maxLength: 4096 })),
  // The person has seen that their domain has a provider, and asks for a code all the same.
  by: Type.Optional(Type.String({ maxLength: 8 })),
})
type SignInForm = Static<typeof SignInForm>

/** `GET /sign-in`: whoever is signed in, and lately enough, goes on at once. */
export async function showSignIn(parts: Parts, call: Call<unknown, SignInQuery>): Promise<Answer> {
  const errand = errandOf(parts, call, call.query)
  const answer = await parts.sessions.verify(call, { audience: errand.audience })
  if (await isEnough(parts, answer, errand)) return redirect(errand.returnTo)
  if (answer.verdict === 'unknown' || parts.database.isAway()) {
    throw new DatabaseOutage('failed', 'nobody can sign in while the database is away')
  }
  return signInPageOf(parts, call, { errand, answer })
}

interface Shown {
  errand: Errand
  answer: SessionAnswer
  status?: number
  /** What was said before, and what was wrong with it. */
  said?: Partial<SignInProps>
  passkey?: Partial<PasskeyWay>
}

async function signInPageOf(
  parts: Parts,
  call: Call,
  { errand, answer, status, said, passkey }: Shown,
): Promise<Answer> {
  const isFresh = answer.verdict === 'valid'
  const email = isFresh ? (answer.session.user.email ?? '') : ''
  const view = pageOf(parts, call)
  const { way, instead } = await passkeysOffered(parts, call, errand, answer)
  const leadsToProvider = errand.isStrongest && instead.length > 0
  const content = signInPage(view, {
    form: formFor(errand),
    email,
    isFresh,
    ended: endOf(answer),
    notice: mailNotice(parts, view),
    ...breakGlassOf(errand),
    providers: buttonsOf(parts, view, errand, instead),
    leadsToProvider,
    passkey: way && { ...way, ...passkey },
    // Where a provider confirms as well, its people come to it by their address.
    isMailOffered:
      !leadsToProvider && (!(errand.isStrongest && way?.weight === 'strongest') || way.isProviderEnough === true),
    recoveryPath: `/sign-in/recovery-code${querySaying(call, errand.audience, errand.returnTo)}`,
    ...said,
  })
  const leads = [errand.returnTo, ...(way?.away ? [parts.config.url] : [])]
  return page(status ?? 200, content, {
    formActions: leads.map((url) => new URL(url).origin),
    // With the page: its script and its form ask at once, and two cookies for one browser would undo each other.
    cookies: browserOf(call).cookies,
  })
}

/** `POST /sign-in/passkey`. */
export function postPasskey(parts: Parts, call: Call<Static<typeof ShownForm>>): Promise<Answer> {
  return postPasskeySignIn(parts, call, async (status, passkey) => {
    const errand = errandOf(parts, call, call.body)
    const answer = await parts.sessions.verify(call, { audience: errand.audience })
    return signInPageOf(parts, call, { errand, answer, status, passkey })
  })
}

async function isEnough(parts: Parts, answer: SessionAnswer, { maxAge, isStrongest }: Errand): Promise<boolean> {
  // One of fail-over whose provider is back: they have come to confirm it.
  if (answer.verdict !== 'valid' || answer.session.due_at !== undefined) return false
  const agedMs = parts.clock.now().getTime() - Date.parse(answer.session.authenticated_at)
  const isFresh = maxAge === undefined || agedMs <= maxAge * 1000
  return isFresh && (!isStrongest || (await isProvenStrongest(parts, answer.session)))
}

/** "Why was I signed out?" is answered where people meet the question. */
function endOf(answer: SessionAnswer): SignInProps['ended'] {
  if (answer.verdict !== 'invalid' || !answer.ended_at) return null
  return { reason: answer.reason, at: new Date(answer.ended_at) }
}

/** Also while mail goes out: its provider may take it and keep it. */
const breakGlassOf = ({ audience }: Errand) => ({
  breakGlassPath: audience === CONSOLE_AUDIENCE ? '/sign-in/break-glass' : null,
})

const formFor = (errand: Errand) => formTo('/sign-in', carried(errand))

/**
 * `POST /sign-in`: sends the mail and goes on to the page for its code, whatever the address; or shows the provider of its
 * domain first, to everybody alike.
 */
export async function postSignIn(parts: Parts, call: Call<SignInForm>): Promise<Answer> {
  const { body } = call
  const errand = errandOf(parts, call, body)
  const read = readEmail(body.email ?? '')
  if (read.outcome !== 'ok') return wrongEmail(parts, call, errand, { typed: body.email ?? '', error: read.outcome })
  const provider = body.by === 'mail' ? undefined : providerFor(parts, errand, read.email)
  if (provider) return providerPageFor(parts, call, { provider, errand, email: read.email })

  const browser = browserOf(call)
  await startSignIn(parts, {
    email: read.email,
    purpose: await purposeOf(parts, call, errand, read.email),
    browser,
    audience: errand.audience,
    returnTo: errand.returnTo,
    device: deviceOf(call.headers, call.address),
    pagesUrl: `${call.origin}${call.prefix}`,
    language: languageFor(call),
  })
  return redirect(`${call.prefix}/sign-in/code`, { cookies: browser.cookies })
}

async function wrongEmail(
  parts: Parts,
  call: Call,
  errand: Errand,
  { typed, error }: { typed: string; error: EmailFault },
): Promise<Answer> {
  const answer = await parts.sessions.verify(call, { audience: errand.audience })
  return signInPageOf(parts, call, { errand, answer, status: 400, said: { email: typed, error, ended: null } })
}

/** A step-up is for whoever is signed in; with another address it is an ordinary sign-in. */
async function purposeOf(parts: Parts, call: Call, errand: Errand, email: Email): Promise<'sign-in' | 'step-up'> {
  if (errand.maxAge === undefined) return 'sign-in'
  const answer = await parts.sessions.verify(call, { audience: errand.audience })
  const isSame = answer.verdict === 'valid' && answer.session.user.email?.toLowerCase() === email.key
  return isSame ? 'step-up' : 'sign-in'
}
