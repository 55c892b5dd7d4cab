import type { Static } from 'typebox'
import { byCaller } from '../../../ground/audit/index.ts'
import { type Answer, type Call, json } from '../../../platform/http/index.ts'
import { once } from '../../../platform/idempotency.ts'
import type { SessionsWithin } from '../../sessions/index.ts'
import type { Parts } from '../parts.ts'
import { type Profile, readProfile } from '../profile.ts'
import { refuse } from '../refusals.ts'
import { sessionUser } from '../user.ts'
import { listedUser, noUser } from './list-users.ts'
import { readMetadata } from './metadata.ts'
import * as queries from './queries.ts'
import type { EditUser } from './shapes.ts'

type EditCall = Call<Static<typeof EditUser>, unknown, { id: string }>

/** `PATCH /v1/users/{id}`: what is not named stays as it is; the person's sessions show it at once. */
export async function editUser(parts: Parts, call: EditCall): Promise<Answer> {
  let sessions: SessionsWithin | undefined
  const answer = await once(parts, call, async (db) => {
    const { body } = call
    const user = await queries.lockUser(db, call.params.id)
    if (!user) throw noUser(call.params.id)
    const edited = await queries.updateUser(db, user.id, {
      ...mergedProfile(user, body),
      metadataPublic: await readMetadata(db, user.metadata_public, body.metadata_public),
      metadataPrivate: await readMetadata(db, user.metadata_private, body.metadata_private),
    })
    sessions = parts.sessions.within(db)
    await sessions.updatePerson(sessionUser(edited))
    const facts = { fields: Object.keys(body).sort() }
    await parts.signal(db, { kind: 'user.profile-changed', subject: user.id, facts: { ...facts, by: call.actor!.id } })
    await parts.audit(db, { by: byCaller(call), action: 'user.changed', subject: { kind: 'user', id: user.id }, facts })
    return json(200, await listedUser(parts, db, edited))
  })
  await sessions?.tell()
  return answer
}

type Said = { [name in keyof Profile]?: string | null }

/** The profile as it is after the change; null and the empty text both mean "not set". */
export function mergedProfile(kept: Profile, said: Said) {
  const field = (name: keyof Profile) => (said[name] === undefined ? kept[name] : said[name]) ?? ''
  const read = readProfile({
    name: field('name'),
    picture_url: field('picture_url'),
    locale: field('locale'),
    time_zone: field('time_zone'),
  })
  if (read.outcome === 'invalid') {
    const wrong = Object.entries(read.errors).filter(([, error]) => error !== null)
    throw refuse('bad_profile', { fields: wrong.map(([name]) => name).join(', ') })
  }
  const { name, picture_url: pictureUrl, locale, time_zone: timeZone } = read.profile
  return { name, pictureUrl, locale, timeZone }
}
