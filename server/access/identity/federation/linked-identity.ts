import type { ProvenIdentity } from '../../providers/index.ts'
import { readProfile } from '../profile.ts'

/** Who somebody is at a provider: found by issuer and subject, and by nothing else. */
export interface LinkedIdentity {
  id: string
  user_id: string
  provider_id: string
  issuer: string
  subject: string
  /** As the provider last said them; nobody is found by them. */
  email: string | null
  is_email_verified: boolean
  name: string | null
  linked_at: Date
  /** The last validated id_token of ours. */
  last_proved_at: Date
  /** No fall-back of the person is opened any more. */
  closed_at: Date | null
  closed_reason: ClosedReason | null
  closed_by: string | null
}

export type ClosedReason = 'invalid_grant' | 'back-channel-logout' | 'administrator'

/** Work, home, and a few that were tried; each is one more way in. */
export const LINKED_MAX = 10

/** What a provider says is shown on pages and in mails, and kept only as far as it is short. */
const TEXT_MAX = 200
export function shownText(said: string | null): string | null {
  const text = (said ?? '').replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return text === '' ? null : text.slice(0, TEXT_MAX).toWellFormed()
}

/** Without what is nobody else's business, for records and exports. */
export const saidOf = ({ email, is_email_verified, name }: ProvenIdentity) => ({
  email: shownText(email),
  is_email_verified,
  name: shownText(name),
})

/** For a new account: what of it a person could have typed themselves. */
export function profileOf({ name, picture_url }: ProvenIdentity): { name: string | null; pictureUrl: string | null } {
  const nothing = { name: undefined, picture_url: undefined, locale: undefined, time_zone: undefined }
  const named = readProfile({ ...nothing, name: shownText(name) ?? undefined })
  const pictured = readProfile({ ...nothing, picture_url: picture_url ?? undefined })
  return {
    name: named.outcome === 'ok' ? named.profile.name : null,
    pictureUrl: pictured.outcome === 'ok' ? pictured.profile.picture_url : null,
  }
}
