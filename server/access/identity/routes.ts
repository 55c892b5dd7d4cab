import { accountRoutes } from './accounts/routes.ts'
import { emailChangeRoutes } from './email-change/routes.ts'
import { brandRoutes } from './brand/routes.ts'
import { callers } from '../../ground/documentation/index.ts'
import { on, ProblemShape, type Route } from '../../platform/http/index.ts'
import { Started, StartByEmail, startByEmail, Verified, VerifyByEmail, verifyByEmail } from './api.ts'
import { AccountQuery, endAll, endOne, postProfile, ProfileForm, SessionId, showAccount } from './hosted/account.ts'
import { CodeForm, postCode, showCode, signInPlace } from './hosted/code.ts'
import { EnrolForm, EnrolToken, postEnrol, postEnrolCode, showEnrol, showEnrolCode } from './hosted/enrol.ts'
import { endedRoutes } from './ended/show-ended.ts'
import { keptFromSupport } from './impersonation/acting.ts'
import { impersonationRoutes } from './impersonation/routes.ts'
import { federationRoutes } from './federation/routes.ts'
import { handOverRoutes } from './hand-over/routes.ts'
import { inChosenLanguage } from './hosted/language.ts'
import { LinkForm, LinkToken, postLink, showLink } from './hosted/link.ts'
import { listDevelopmentMail, MailId, MailQuery, showDevelopmentMail, showMailbox } from './hosted/mailbox.ts'
import { postSignIn, showSignIn, SignInForm, SignInQuery } from './hosted/sign-in.ts'
import { postSignOut, showSignOut, SignOutFields } from './hosted/sign-out.ts'
import { invitationRoutes } from './invitations/routes.ts'
import { accountOrganizationRoutes } from './organizations/routes.ts'
import { breakGlassRoutes } from './break-glass/routes.ts'
import { passkeyRoutes } from './passkeys/routes.ts'
import { recoveryCodeRoutes } from './recovery-codes/routes.ts'
import { exerciseRoutes } from './fail-over/exercise/routes.ts'
import { throughOwnPool } from './fail-over/own-pool.ts'
import { keptFromFailOver } from './fail-over/kept-from-fail-over.ts'
import { failOverRoutes } from './fail-over/routes.ts'
import { readinessRoutes } from './fail-over/readiness/routes.ts'
import type { Parts } from './parts.ts'
import { rescueRoutes } from './rescue/routes.ts'

/** The HTTP face of identity, as a table. */
export const identityRoutes = (parts: Parts): Route[] =>
  throughOwnPool(parts, allRoutes).map(keptFromFailOver(parts)).map(keptFromSupport(parts)).map(inChosenLanguage)

const allRoutes = (parts: Parts): Route[] => [
  ...pages(parts),
  ...api(parts),
  ...accountRoutes(parts),
  ...emailChangeRoutes(parts),
  ...federationRoutes(parts),
  ...brandRoutes(parts),
  ...invitationRoutes(parts),
  ...breakGlassRoutes(parts),
  ...rescueRoutes(parts),
  ...passkeyRoutes(parts),
  ...handOverRoutes(parts),
  ...recoveryCodeRoutes(parts),
  ...failOverRoutes(parts),
  ...readinessRoutes(parts),
  ...exerciseRoutes(parts),
  ...accountOrganizationRoutes(parts),
  ...impersonationRoutes(parts),
  ...endedRoutes(parts),
]

function pages(parts: Parts): Route[] {
  const frame = { tag: 'pages', kind: 'page' } as const
  return [
    on('GET /sign-in', { ...frame, summary: 'Sign in', query: SignInQuery }, (call) => showSignIn(parts, call)),
    on('POST /sign-in', { ...frame, summary: 'Send a code', body: SignInForm }, (call) => postSignIn(parts, call)),
    on('GET /sign-in/code', { ...frame, summary: 'Type the code' }, (call) =>
      showCode(parts, call, signInPlace(parts, call)),
    ),
    on('POST /sign-in/code', { ...frame, summary: 'Sign in by code', body: CodeForm }, (call) =>
      postCode(parts, call, signInPlace(parts, call)),
    ),
    on('GET /sign-in/link/{token}', { ...frame, summary: 'The link of a mail', params: LinkToken }, (call) =>
      showLink(parts, call),
    ),
    on(
      'POST /sign-in/link/{token}',
      { ...frame, summary: 'Sign in by link', params: LinkToken, body: LinkForm },
      (call) => postLink(parts, call),
    ),
    on('GET /account', { ...frame, summary: 'Profile and sessions', query: AccountQuery }, (call) =>
      showAccount(parts, call),
    ),
    on('POST /account/profile', { ...frame, summary: 'Save the profile', body: ProfileForm }, (call) =>
      postProfile(parts, call),
    ),
    on('POST /account/sessions/{id}/end', { ...frame, summary: 'End one session', params: SessionId }, (call) =>
      endOne(parts, call),
    ),
    on('POST /account/sessions/end-all', { ...frame, summary: 'Sign out everywhere' }, (call) => endAll(parts, call)),
    on('GET /sign-out', { ...frame, summary: 'Ask whether to sign out', query: SignOutFields }, (call) =>
      showSignOut(parts, call),
    ),
    on('POST /sign-out', { ...frame, summary: 'Sign out here', body: SignOutFields }, (call) =>
      postSignOut(parts, call),
    ),
    on('GET /enrol/{token}', { ...frame, summary: 'Become the first administrator', params: EnrolToken }, (call) =>
      showEnrol(parts, call),
    ),
    on('POST /enrol/{token}', { ...frame, summary: 'Send a code', params: EnrolToken, body: EnrolForm }, (call) =>
      postEnrol(parts, call),
    ),
    on('GET /enrol/{token}/code', { ...frame, summary: 'Type the code', params: EnrolToken }, (call) =>
      showEnrolCode(parts, call),
    ),
    on('POST /enrol/{token}/code', { ...frame, summary: 'Enrol by code', params: EnrolToken, body: CodeForm }, (call) =>
      postEnrolCode(parts, call),
    ),
    on('GET /dev/mail', { ...frame, summary: 'Development mail', query: MailQuery }, (call) =>
      showMailbox(parts, call),
    ),
    on('GET /dev/mail/{id}', { ...frame, summary: 'One development mail', params: MailId }, (call) =>
      showDevelopmentMail(parts, call, call.params.id),
    ),
  ]
}

function api(parts: Parts): Route[] {
  const tag = 'sign-in'
  return [
    on(
      'POST /v1/sign-in/email',
      {
        tag,
        summary: 'Send a mail with a code and a link',
        security: callers.startingBrowser.security,
        body: StartByEmail,
        answers: { 202: Started, 400: ProblemShape, 429: ProblemShape },
      },
      (call) => startByEmail(parts, call),
    ),
    on(
      'POST /v1/sign-in/email/verify',
      {
        tag,
        summary: 'Sign in by the code, in the browser that asked for it',
        security: callers.sameBrowser.security,
        body: VerifyByEmail,
        answers: { 200: Verified, 400: ProblemShape, 410: ProblemShape, 429: ProblemShape },
      },
      (call) => verifyByEmail(parts, call),
    ),
    // Left out of the documentation: it exists on a developer's machine only.
    on('GET /dev/mail.json', { tag: 'development', summary: 'Development mail', kind: 'page' }, (call) =>
      listDevelopmentMail(parts, call),
    ),
  ]
}
