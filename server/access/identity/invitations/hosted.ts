import { Type } from 'typebox'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, page, redirect } from '../../../platform/http/index.ts'
import { deviceOf, switchTo } from '../../sessions/index.ts'
import { audienceOf } from '../audience.ts'
import { browserOf } from '../browser.ts'
import { languageFor } from '../hosted/language.ts'
import { formTo, pageOf } from '../hosted/page-of.ts'
import { throughOutage } from '../hosted/through-outage.ts'
import type { Page } from '../pages/index.ts'
import { Refusal } from '../../../platform/refusal.ts'
import type { Parts } from '../parts.ts'
import { findUser } from '../queries.ts'
import { startSignIn } from '../start-sign-in.ts'
import { acceptInvitation } from './accept-invitation.ts'
import type { Invitation } from './invitation.ts'
import { invitationOverPage, invitationPage, joinedPage } from './invitation-page.ts'
import { type InvitationSeen, lookAtInvitation } from './look-at-invitation.ts'

export const InvitationReference = Type.Object({ token: Type.String({ maxLength: 200 }) })
type InvitationCall = Call<unknown, unknown, { token: string }>

/** `GET /invitation/{token}`: consumes nothing, however often and by whomever it is opened. */
export async function showInvitation(parts: Parts, call: InvitationCall): Promise<Answer> {
  return pageFor(parts, call, await lookAtInvitation(parts, call, call.params.token))
}

/** `POST /invitation/{token}`: whoever is signed in as the invited joins; anybody else signs in as them first. */
export function postInvitation(parts: Parts, call: InvitationCall): Promise<Answer> {
  return throughOutage(parts, call as Call<{ return_to?: string }>, async () => {
    const seen = await lookAtInvitation(parts, call, call.params.token)
    // Pressed a second time, by whoever has joined: answered as the first was, however close they are.
    if (isTheirs(seen)) return redirect(`${call.prefix}/invitation/${seen.invitation.id}`)
    if (seen.outcome !== 'open') return pageFor(parts, call, seen)
    return seen.isInvited ? join(parts, call, seen) : signIn(parts, call, seen.invitation)
  })
}

type Seen = Exclude<InvitationSeen, { outcome: 'unknown' }>

const isTheirs = (seen: InvitationSeen): seen is Seen & { outcome: 'accepted' } =>
  seen.outcome === 'accepted' && seen.invitation.accepted_by === seen.viewer?.id

async function join(parts: Parts, call: InvitationCall, { invitation, viewer }: Seen): Promise<Answer> {
  const accepted = await acceptInvitation(parts, call, { id: invitation.id, userId: viewer!.id })
  if (accepted.outcome !== 'accepted') {
    return pageFor(parts, call, await lookAtInvitation(parts, call, call.params.token))
  }
  const cookies = await actFor(parts, call, accepted.organizationId)
  return redirect(`${call.prefix}/invitation/${invitation.id}`, { cookies })
}

/** The membership stands; if the session cannot follow at this moment, the person chooses it later. */
async function actFor(parts: Parts, call: Call, organizationId: string) {
  try {
    return (await switchTo(parts, call, organizationId)).cookies
  } catch (error) {
    // It takes another way to sign in than this session began: they come to it by that.
    if (error instanceof Refusal) return []
    if (!(error instanceof DatabaseOutage)) throw error
    parts.log.warn(
      { outcome: error.outcome },
      'a session could not follow an accepted invitation: the database is away',
    )
    return []
  }
}

/** The invitation itself lets nobody in: the address is proven as at every sign-in. */
async function signIn(parts: Parts, call: InvitationCall, invitation: Invitation): Promise<Answer> {
  const browser = browserOf(call)
  await startSignIn(parts, {
    email: { address: invitation.email, key: invitation.email_key },
    purpose: 'sign-in',
    browser,
    audience: audienceOf(call, undefined),
    returnTo: `${call.origin}${call.prefix}/invitation/${invitation.id}`,
    device: deviceOf(call.headers, call.address),
    pagesUrl: `${call.origin}${call.prefix}`,
    language: languageFor(call),
  })
  return redirect(`${call.prefix}/sign-in/code`, { cookies: browser.cookies })
}

async function pageFor(parts: Parts, call: InvitationCall, seen: InvitationSeen): Promise<Answer> {
  if (seen.outcome === 'unknown') return page(404, invitationOverPage(pageOf(parts, call), 'unknown'))
  const view = pageOf(parts, call, seen.viewer)
  if (seen.outcome === 'open') return openPage(parts, call, view, seen)
  if (!isTheirs(seen)) return page(410, invitationOverPage(view, seen.outcome))
  const roles = rolesInWords(view, seen.invitation.roles)
  const onwards = onwardsOf(parts, call, seen.invitation)
  return page(200, joinedPage(view, { organization: seen.organization, roles, onwards }))
}

async function openPage(parts: Parts, call: InvitationCall, view: Page, seen: Seen): Promise<Answer> {
  const { invitation, organization, viewer, isInvited } = seen
  const inviter = await findUser(parts.db, invitation.created_by)
  return page(
    200,
    invitationPage(view, {
      organization,
      inviter: inviter?.name ?? null,
      email: invitation.email,
      roles: rolesInWords(view, invitation.roles),
      expiresAt: invitation.expires_at,
      viewer: isInvited ? { kind: 'invited' } : viewer ? { kind: 'other', email: viewer.email } : { kind: 'nobody' },
      form: formTo(`/invitation/${call.params.token}`),
    }),
  )
}

function onwardsOf(parts: Parts, call: Call, { application_id: id }: Invitation): { name: string; url: string } | null {
  const application = parts.applications.find(call.application ?? id ?? '')
  const origin = call.application === null ? application?.origins[0] : call.origin
  return application && origin ? { name: application.name, url: `${origin}/` } : null
}

/** Ours in the reader's language; a product's own as it calls them. */
export const rolesInWords = ({ words }: Page, roles: readonly string[]): string =>
  roles.map((role) => words.organizations.roles[role] ?? role).join(', ')
