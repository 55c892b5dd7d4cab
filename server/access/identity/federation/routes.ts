import { json, on, ProblemShape, type Route, empty } from '../../../platform/http/index.ts'
import { FRESH_SIGN_IN_MS } from '../../sessions/index.ts'
import { UserId } from '../accounts/shapes.ts'
import type { Parts } from '../parts.ts'
import { ARRIVAL_PATH, ArrivalForm, postArrival, showArrival } from './arrive.ts'
import { CallbackQuery, showCallback } from './callback.ts'
import { CALLBACK_PATH } from './come-back.ts'
import { postProvider, ProviderForm } from './leave.ts'
import { LinkedId, LINKED_PATH, LinkedQuery, postLink, postUnlink, showLinked } from './own.ts'
import * as queries from './queries.ts'
import { Closing, IdentityId, LinkedList, LinkedShape, linkedShown, SignInMethods, UserAndIdentity } from './shapes.ts'
import { ProviderId, ProviderQuery, showProvider } from './show-provider.ts'
import { closeLinked, methodsOf, removeLinked, reopenLinked } from './staff.ts'
import { unlinkIdentity } from './unlink-identity.ts'

/** The HTTP face of sign-in through providers. */
export const federationRoutes = (parts: Parts): Route[] => [
  ...signIn(parts),
  ...account(parts),
  ...own(parts),
  ...staff(parts),
]

const frame = { tag: 'pages', kind: 'page' } as const

function signIn(parts: Parts): Route[] {
  return [
    on(
      'GET /sign-in/provider/{id}',
      { ...frame, summary: 'Sign in with a provider', params: ProviderId, query: ProviderQuery },
      (call) => showProvider(parts, call),
    ),
    on(
      'POST /sign-in/provider/{id}',
      { ...frame, summary: 'Leave for a provider', params: ProviderId, body: ProviderForm },
      (call) => postProvider(parts, call),
    ),
    on(
      `GET ${CALLBACK_PATH}/{id}`,
      { ...frame, summary: 'Come back from a provider', params: ProviderId, query: CallbackQuery },
      (call) => showCallback(parts, call),
    ),
    on(`GET ${ARRIVAL_PATH}`, { ...frame, summary: 'Say which address is yours' }, (call) => showArrival(parts, call)),
    on(`POST ${ARRIVAL_PATH}`, { ...frame, summary: 'Send a code to it', body: ArrivalForm }, (call) =>
      postArrival(parts, call),
    ),
  ]
}

function account(parts: Parts): Route[] {
  const one = { ...frame, params: LinkedId }
  return [
    on(`GET ${LINKED_PATH}`, { ...frame, summary: 'Linked identities', query: LinkedQuery }, (call) =>
      showLinked(parts, call),
    ),
    on(`POST ${LINKED_PATH}/{id}/remove`, { ...one, summary: 'Remove a linked identity' }, (call) =>
      postUnlink(parts, call),
    ),
    on(`POST ${LINKED_PATH}/with/{id}`, { ...one, summary: 'Leave for a provider to link it' }, (call) =>
      postLink(parts, call),
    ),
  ]
}

function own(parts: Parts): Route[] {
  const { guards } = parts.sessions
  const tag = 'sign-in methods'
  return [
    on(
      'GET /v1/account/linked-identities',
      { tag, summary: 'One’s own linked identities', guard: guards.person, answers: { 200: LinkedList } },
      async (call) => {
        const linked = await queries.linkedOf(parts.db, call.actor!.id)
        return json(200, { data: linked.map((each) => linkedShown(parts, each)), next_cursor: null })
      },
    ),
    on(
      'DELETE /v1/account/linked-identities/{id}',
      {
        tag,
        summary: 'Remove a linked identity',
        description: 'Needs a sign-in within the last ten minutes, by the strongest method of the account.',
        guard: guards.freshPersonAlone(),
        params: IdentityId,
        answers: { 204: null, 403: ProblemShape, 404: ProblemShape, 409: ProblemShape },
      },
      async (call) => {
        await unlinkIdentity(parts, call, call.params.id)
        return empty(204)
      },
    ),
  ]
}

function staff(parts: Parts): Route[] {
  const { guards } = parts.sessions
  // What gives a way back in, or takes one away, is not to be had for a mailbox; to close one may be urgent.
  const fresh = guards.staff('users:write', { freshWithinMs: FRESH_SIGN_IN_MS })
  const closing = {
    tag: 'users',
    guard: guards.staff('users:write'),
    isIdempotent: true,
    params: UserAndIdentity,
    body: Closing,
    answers: { 200: LinkedShape, 403: ProblemShape, 404: ProblemShape, 409: ProblemShape },
  } as const
  return [
    on(
      'GET /v1/users/{id}/sign-in-methods',
      {
        tag: 'users',
        summary: 'By what a person can sign in',
        guard: guards.staff('users:read'),
        params: UserId,
        answers: { 200: SignInMethods, 404: ProblemShape },
      },
      (call) => methodsOf(parts, call.params.id),
    ),
    on(
      'POST /v1/users/{id}/linked-identities/{identity}/close',
      {
        ...closing,
        summary: 'Close a linked identity for outages',
        description:
          'In an outage of the provider nothing stands in for it any more, until it is reopened here. Coming through the provider itself goes on working.',
      },
      (call) => closeLinked(parts, call),
    ),
    on(
      'POST /v1/users/{id}/linked-identities/{identity}/reopen',
      { ...closing, guard: fresh, summary: 'Open it again' },
      (call) => reopenLinked(parts, call),
    ),
    on(
      'DELETE /v1/users/{id}/linked-identities/{identity}',
      {
        tag: 'users',
        summary: 'Remove a linked identity',
        description:
          'For whoever their provider made anew: they come in by it again once they have proven their address. If it was closed, what they link there next is closed too.',
        guard: fresh,
        params: UserAndIdentity,
        answers: { 204: null, 403: ProblemShape, 404: ProblemShape, 409: ProblemShape },
      },
      (call) => removeLinked(parts, call),
    ),
  ]
}
