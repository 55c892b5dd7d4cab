import { on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import { FRESH_SIGN_IN_MS } from '../../sessions/index.ts'
import { UserId } from '../accounts/shapes.ts'
import type { Parts } from '../parts.ts'
import {
  ChangeBegun,
  ChangeIdParam,
  ConfirmEmail,
  confirmOwnChange,
  EmailChanged,
  NewEmail,
  startChangeFor,
  startOwnChange,
} from './api.ts'
import {
  ChangeToken,
  EmailCodeForm,
  EmailForm,
  EmailQuery,
  postChangeLink,
  postEmail,
  postEmailCode,
  showChangeLink,
  showEmail,
  showEmailCode,
} from './hosted.ts'

/** The HTTP face of a change of address. */
export const emailChangeRoutes = (parts: Parts): Route[] => [...api(parts), ...pages(parts)]

function api(parts: Parts): Route[] {
  const { guards } = parts.sessions
  return [
    on(
      'POST /v1/account/email-changes',
      {
        tag: 'users',
        summary: 'Begin to change one’s own e-mail address',
        description:
          'Needs a sign-in within the last ten minutes, by the strongest method of the account. A code goes to the new address, and works in this browser.',
        guard: guards.freshPersonAlone(),
        isIdempotent: true,
        body: NewEmail,
        answers: { 202: ChangeBegun, 403: ProblemShape, 429: ProblemShape },
      },
      (call) => startOwnChange(parts, call),
    ),
    on(
      'POST /v1/account/email-changes/{id}/confirmations',
      {
        tag: 'users',
        summary: 'Change the address by the code of the mail',
        description:
          'In the browser and the session that began it. Every other session of the person ends. The old address can take the change back for seven days.',
        guard: guards.personAlone,
        params: ChangeIdParam,
        body: ConfirmEmail,
        answers: { 200: EmailChanged, 400: ProblemShape, 403: ProblemShape, 410: ProblemShape, 429: ProblemShape },
      },
      (call) => confirmOwnChange(parts, call),
    ),
    on(
      'POST /v1/users/{id}/email-changes',
      {
        tag: 'users',
        summary: 'Begin to change a person’s e-mail address',
        description: 'The new address gets a link that proves it, good for a day; the old one is told, and may refuse.',
        guard: guards.staff('users:write', { freshWithinMs: FRESH_SIGN_IN_MS }),
        isIdempotent: true,
        params: UserId,
        body: NewEmail,
        answers: { 202: ChangeBegun, 403: ProblemShape, 404: ProblemShape, 409: ProblemShape },
      },
      (call) => startChangeFor(parts, call),
    ),
  ]
}

function pages(parts: Parts): Route[] {
  const frame = { tag: 'pages', kind: 'page' } as const
  const link = { ...frame, params: ChangeToken }
  return [
    on('GET /account/email', { ...frame, summary: 'Change one’s address', query: EmailQuery }, (call) =>
      showEmail(parts, call),
    ),
    on('POST /account/email', { ...frame, summary: 'Send a code', body: EmailForm }, (call) => postEmail(parts, call)),
    on('GET /account/email/code', { ...frame, summary: 'Type the code' }, (call) => showEmailCode(parts, call)),
    on('POST /account/email/code', { ...frame, summary: 'Change by code', body: EmailCodeForm }, (call) =>
      postEmailCode(parts, call),
    ),
    on('GET /email-change/{token}', { ...link, summary: 'The link to a new address' }, (call) =>
      showChangeLink(parts, call, 'prove'),
    ),
    on('POST /email-change/{token}', { ...link, summary: 'Confirm a new address' }, (call) =>
      postChangeLink(parts, call, 'prove'),
    ),
    on('GET /email-change/undo/{token}', { ...link, summary: 'The link to an old address' }, (call) =>
      showChangeLink(parts, call, 'undo'),
    ),
    on('POST /email-change/undo/{token}', { ...link, summary: 'Take a change back' }, (call) =>
      postChangeLink(parts, call, 'undo'),
    ),
  ]
}
