import { callers } from '../../../ground/documentation/index.ts'
import { on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import { Verified } from '../api.ts'
import { postPasskey as signInByPasskey } from '../hosted/sign-in.ts'
import { FRESH_SIGN_IN_MS } from '../../sessions/index.ts'
import type { Parts } from '../parts.ts'
import {
  BeginSignIn,
  beginByPasskey,
  beginOwnPasskey,
  confirmOwnPasskey,
  EndOthers,
  enrolOwnPasskey,
  listOwnPasskeys,
  removeOwnPasskey,
  removePasskeyFor,
  renameOwnPasskey,
  verifyByPasskey,
} from './api.ts'
import {
  MadeForm,
  NameForm,
  OfferQuery,
  PasskeysQuery,
  postConfirm,
  postConfirmAll,
  postLater,
  postName,
  postOffer,
  postPasskey,
  postRemove,
  RemoveForm,
  showOffer,
  showPasskeys,
  showRemove,
} from './hosted.ts'
import { FRESH_WHILE_ENROLLING_MS } from './enrol.ts'
import {
  Enrol,
  EnrolmentBegun,
  NewName,
  Passkeys,
  PasskeyId,
  PasskeyOfUser,
  PasskeyShape,
  ShowingBegun,
  Shown,
} from './shapes.ts'
import { ShownForm } from './sign-in-way.ts'

const ELSEWHERE = 'On HOLDFAST_URL only: not through an application.'

/** The HTTP face of passkeys. */
export const passkeyRoutes = (parts: Parts): Route[] => [
  ...signIn(parts),
  ...own(parts),
  ...ofUsers(parts),
  ...pages(parts),
]

function signIn(parts: Parts): Route[] {
  return [
    on(
      'POST /v1/sign-in/passkey',
      {
        tag: 'sign-in',
        summary: 'Begin a sign-in by passkey',
        description: `The answer names no credential, so that it can wait in a page for autofill and tells nobody who has an account. ${ELSEWHERE}`,
        security: callers.startingBrowser.security,
        body: BeginSignIn,
        answers: { 200: ShowingBegun, 400: ProblemShape, 401: ProblemShape, 429: ProblemShape },
      },
      (call) => beginByPasskey(parts, call),
    ),
    on(
      'POST /v1/sign-in/passkey/verify',
      {
        tag: 'sign-in',
        summary: 'Sign in by what an authenticator has signed, in the browser that began it',
        description: `Each challenge is tried once, whatever comes of it. ${ELSEWHERE}`,
        security: callers.sameBrowser.security,
        body: Shown,
        answers: { 200: Verified, 400: ProblemShape, 403: ProblemShape, 410: ProblemShape },
      },
      (call) => verifyByPasskey(parts, call),
    ),
  ]
}

function own(parts: Parts): Route[] {
  const { guards } = parts.sessions
  const tag = 'sign-in methods'
  return [
    on(
      'GET /v1/account/passkeys',
      { tag, summary: 'One’s own passkeys', guard: guards.person, answers: { 200: Passkeys } },
      (call) => listOwnPasskeys(parts, call),
    ),
    on(
      'POST /v1/account/passkey-enrolments',
      {
        tag,
        summary: 'Begin to enrol a passkey',
        description: `Needs a sign-in within the last ten minutes, by the strongest method of the account. ${ELSEWHERE}`,
        guard: guards.freshPersonAlone(),
        answers: { 200: EnrolmentBegun, 403: ProblemShape, 409: ProblemShape, 429: ProblemShape },
      },
      (call) => beginOwnPasskey(parts, call),
    ),
    on(
      'POST /v1/account/passkeys',
      {
        tag,
        summary: 'Keep the passkey that an authenticator made',
        description: `In the browser and the session that began it, once. ${ELSEWHERE}`,
        guard: guards.freshPersonAlone(FRESH_WHILE_ENROLLING_MS),
        body: Enrol,
        answers: { 201: PasskeyShape, 400: ProblemShape, 403: ProblemShape, 409: ProblemShape, 410: ProblemShape },
      },
      (call) => enrolOwnPasskey(parts, call),
    ),
    on(
      'PATCH /v1/account/passkeys/{id}',
      {
        tag,
        summary: 'Give a passkey another name',
        guard: guards.personAlone,
        params: PasskeyId,
        body: NewName,
        answers: { 200: PasskeyShape, 400: ProblemShape, 404: ProblemShape },
      },
      (call) => renameOwnPasskey(parts, call),
    ),
    on(
      'PUT /v1/account/passkeys/{id}/confirmation',
      {
        tag,
        summary: 'Say that a passkey from a backup is still one’s own',
        description:
          'After a restore for which nobody knew what had been removed since, passkeys open nothing until then. Needs a sign-in within the last ten minutes.',
        guard: guards.freshPersonAlone(),
        params: PasskeyId,
        answers: { 200: PasskeyShape, 403: ProblemShape, 404: ProblemShape },
      },
      (call) => confirmOwnPasskey(parts, call),
    ),
    on(
      'DELETE /v1/account/passkeys/{id}',
      {
        tag,
        summary: 'Remove a passkey',
        description:
          'Needs a sign-in within the last ten minutes, by the strongest method of the account. It never opens anything again, not even after a restore.',
        guard: guards.freshPersonAlone(),
        params: PasskeyId,
        query: EndOthers,
        answers: { 204: null, 403: ProblemShape, 404: ProblemShape },
      },
      (call) => removeOwnPasskey(parts, call),
    ),
  ]
}

/** What staff do for whoever cannot. */
function ofUsers(parts: Parts): Route[] {
  const tag = 'sign-in methods'
  return [
    on(
      'DELETE /v1/users/{id}/passkeys/{passkey_id}',
      {
        tag,
        summary: 'Remove a passkey that somebody has lost',
        description:
          'For whoever has neither it nor a recovery code. They are told by mail. Sessions go on: end them where they should not.',
        guard: parts.sessions.guards.staff('users:write', { freshWithinMs: FRESH_SIGN_IN_MS }),
        params: PasskeyOfUser,
        answers: { 204: null, 403: ProblemShape, 404: ProblemShape, 409: ProblemShape },
      },
      (call) => removePasskeyFor(parts, call),
    ),
  ]
}

function pages(parts: Parts): Route[] {
  const frame = { tag: 'pages', kind: 'page' } as const
  const one = { ...frame, params: PasskeyId }
  return [
    on('POST /sign-in/passkey', { ...frame, summary: 'Sign in by passkey', body: ShownForm }, (call) =>
      signInByPasskey(parts, call),
    ),
    on('GET /account/passkeys', { ...frame, summary: 'One’s own passkeys', query: PasskeysQuery }, (call) =>
      showPasskeys(parts, call),
    ),
    on('POST /account/passkeys', { ...frame, summary: 'Add a passkey', body: MadeForm }, (call) =>
      postPasskey(parts, call),
    ),
    on('GET /account/passkeys/offer', { ...frame, summary: 'Offer a passkey', query: OfferQuery }, (call) =>
      showOffer(parts, call),
    ),
    on('POST /account/passkeys/offer', { ...frame, summary: 'Add the first passkey', body: MadeForm }, (call) =>
      postOffer(parts, call),
    ),
    on('POST /account/passkeys/later', { ...frame, summary: 'Go on without a passkey', body: OfferQuery }, (call) =>
      postLater(parts, call),
    ),
    on('POST /account/passkeys/{id}/name', { ...one, summary: 'Rename a passkey', body: NameForm }, (call) =>
      postName(parts, call),
    ),
    on('POST /account/passkeys/confirm', { ...frame, summary: 'Confirm all passkeys from a backup' }, (call) =>
      postConfirmAll(parts, call),
    ),
    on('POST /account/passkeys/{id}/confirm', { ...one, summary: 'Confirm a passkey from a backup' }, (call) =>
      postConfirm(parts, call),
    ),
    on('GET /account/passkeys/{id}/remove', { ...one, summary: 'Ask whether to remove a passkey' }, (call) =>
      showRemove(parts, call),
    ),
    on('POST /account/passkeys/{id}/remove', { ...one, summary: 'Remove a passkey', body: RemoveForm }, (call) =>
      postRemove(parts, call),
    ),
  ]
}
