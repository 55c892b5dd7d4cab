import type { Static } from 'typebox'
import { byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { type Answer, type Call, json, on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import { once } from '../../../platform/idempotency.ts'
import { readEmail } from '../email.ts'
import type { InvitationLetter } from '../mailer.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { postInvitation, showInvitation, InvitationReference } from './hosted.ts'
import { createInvitation } from './create-invitation.ts'
import { EXPIRES_IN_DAYS, type Invitation, invitationState } from './invitation.ts'
import { listInvitations } from './list-invitations.ts'
import { reachable } from './reach-invitation.ts'
import { revokeInvitation } from './revoke-invitation.ts'
import { letterOf, sendAgain } from './send-invitation.ts'
import { CreateInvitation, InvitationId, InvitationList, InvitationShape, ListInvitations } from './shapes.ts'

const INVITED =
  'A mail with a link goes out after the answer. Whoever is signed in as that address can accept it; an account is made by the sign-in if there is none, also while sign-up is closed. An older invitation of the address into the same organisation is void.'

export const invitationRoutes = (parts: Parts): Route[] => [...pages(parts), ...api(parts)]

function pages(parts: Parts): Route[] {
  const frame = { tag: 'pages', kind: 'page', params: InvitationReference } as const
  return [
    on('GET /invitation/{token}', { ...frame, summary: 'An invitation' }, (call) => showInvitation(parts, call)),
    on('POST /invitation/{token}', { ...frame, summary: 'Accept it, or sign in for it' }, (call) =>
      postInvitation(parts, call),
    ),
  ]
}

function api(parts: Parts): Route[] {
  const { guards } = parts.sessions
  const tag = 'invitations'
  const reading = { tag, guard: guards.personOrStaff('organizations:read') }
  const writing = { tag, guard: guards.personOrStaff('organizations:write'), isIdempotent: true } as const
  return [
    on(
      'GET /v1/invitations',
      {
        ...reading,
        summary: 'Who was invited, newest first',
        description: 'Owners and admins name an organisation of theirs. Staff see all.',
        query: ListInvitations,
        answers: { 200: InvitationList, 400: ProblemShape, 403: ProblemShape, 404: ProblemShape },
      },
      async (call) => {
        const page = await listInvitations(parts, call.actor!, call.query as Parameters<typeof listInvitations>[2])
        return json(200, { ...page, data: await allListed(parts, parts.db, page.data) })
      },
    ),
    on(
      'POST /v1/invitations',
      {
        ...writing,
        summary: 'Invite somebody by their address',
        description: INVITED,
        body: CreateInvitation,
        answers: {
          201: InvitationShape,
          400: ProblemShape,
          403: ProblemShape,
          404: ProblemShape,
          409: ProblemShape,
          429: ProblemShape,
        },
      },
      (call) => invite(parts, call),
    ),
    on(
      'GET /v1/invitations/{id}',
      {
        ...reading,
        summary: 'One invitation',
        params: InvitationId,
        answers: { 200: InvitationShape, 403: ProblemShape, 404: ProblemShape },
      },
      async (call) => {
        const wish = { actor: call.actor!, to: 'see invitations' } as const
        return json(200, await listed(parts, parts.db, await reachable(parts, parts.db, call.params.id, wish)))
      },
    ),
    on(
      'DELETE /v1/invitations/{id}',
      {
        ...writing,
        summary: 'Revoke an invitation',
        params: InvitationId,
        answers: { 200: InvitationShape, 404: ProblemShape, 409: ProblemShape },
      },
      (call) => {
        const input = { id: call.params.id, actor: call.actor!, by: byCaller(call) }
        return once(parts, call, async (db) =>
          json(200, await listed(parts, db, await revokeInvitation(parts, db, input))),
        )
      },
    ),
    on(
      'POST /v1/invitations/{id}/deliveries',
      {
        ...writing,
        summary: 'Send its mail once more',
        description: 'The same link as before: nothing that is out already becomes void.',
        params: InvitationId,
        answers: { 202: InvitationShape, 404: ProblemShape, 409: ProblemShape, 429: ProblemShape },
      },
      (call) => {
        const input = { id: call.params.id, actor: call.actor!, by: byCaller(call) }
        return thenMailed(parts, call, 202, (db) => sendAgain(parts, db, input))
      },
    ),
  ]
}

function invite(parts: Parts, call: Call<Static<typeof CreateInvitation>>): Promise<Answer> {
  const read = readEmail(call.body.email)
  if (read.outcome !== 'ok') throw refuse('bad_email')
  const {
    organization_id: organizationId,
    roles = ['member'],
    application_id: named,
    expires_in_days: days,
  } = call.body
  return thenMailed(parts, call, 201, (db) =>
    createInvitation(parts, db, {
      organizationId,
      email: read.email,
      roles,
      applicationId: named ?? call.application,
      expiresInDays: days ?? EXPIRES_IN_DAYS,
      pagesUrl: pagesUrlOf(parts, call),
      actor: call.actor!,
      by: byCaller(call),
    }),
  )
}

/** On the app's own origin when it is asked for there; else on ours. */
export const pagesUrlOf = ({ config }: Parts, call: Call): string =>
  call.application === null ? config.url : `${call.origin}${call.prefix}`

/** The mail is sent when the work is committed, and not again when only its answer is repeated. */
export async function thenMailed(
  parts: Parts,
  call: Call,
  status: number,
  work: (db: Queries) => Promise<Invitation>,
): Promise<Answer> {
  let letter: InvitationLetter | undefined
  const answer = await once(parts, call, async (db) => {
    const invitation = await work(db)
    letter = await letterOf(parts, db, call, invitation)
    return json(status, await listed(parts, db, invitation))
  })
  if (letter) parts.mailer.invitation(letter)
  return answer
}

async function listed(parts: Parts, db: Queries, invitation: Invitation) {
  const [shown] = await allListed(parts, db, [invitation])
  return shown
}

async function allListed(parts: Parts, db: Queries, invitations: readonly Invitation[]) {
  const names = await parts.tenants.names(db, [...new Set(invitations.map((each) => each.organization_id))])
  const now = parts.clock.now()
  return invitations.map((each) => ({
    id: each.id,
    organization: { id: each.organization_id, name: names.get(each.organization_id) ?? '' },
    email: each.email,
    roles: each.roles,
    application_id: each.application_id,
    state: invitationState(each, now),
    created_at: each.created_at,
    created_by: each.created_by,
    expires_at: each.expires_at,
    accepted_at: each.accepted_at,
    accepted_by: each.accepted_by,
  }))
}
