import type { Static } from 'typebox'
import { byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { type Answer, type Call, json } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/id.ts'
import { once } from '../../../platform/idempotency.ts'
import { readEmail } from '../email.ts'
import { isReserved } from '../email-change/queries.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { mergedProfile } from './edit-user.ts'
import { listedUser } from './list-users.ts'
import { readMetadata } from './metadata.ts'
import { insertWholeUser } from './queries.ts'
import type { CreateUser } from './shapes.ts'

const NOTHING_YET = { name: null, picture_url: null, locale: null, time_zone: null }

/** `POST /v1/users`: an account for somebody who signs in later. Nothing is sent to them. */
export function createUser(parts: Parts, call: Call<Static<typeof CreateUser>>): Promise<Answer> {
  return once(parts, call, async (db) => json(201, await create(parts, db, call)))
}

async function create(parts: Parts, db: Queries, call: Call<Static<typeof CreateUser>>) {
  const { body } = call
  const read = readEmail(body.email)
  if (read.outcome !== 'ok') throw refuse('bad_email')
  const profile = mergedProfile(NOTHING_YET, body)
  const now = parts.clock.now()
  const { address: email, key: emailKey } = read.email
  if (await isReserved(db, { emailKey, exceptUserId: '' }, now)) throw refuse('email_taken')
  const made = await insertWholeUser(
    db,
    {
      id: newId('usr', now),
      email,
      emailKey,
      ...profile,
      metadataPublic: await readMetadata(db, {}, body.metadata_public),
      metadataPrivate: await readMetadata(db, {}, body.metadata_private),
    },
    now,
  )
  if (!made) throw refuse('email_taken')
  await parts.signal(db, { kind: 'user.created', subject: made.id, facts: { by: call.actor!.id } })
  await parts.audit(db, { by: byCaller(call), action: 'user.created', subject: { kind: 'user', id: made.id } })
  return listedUser(parts, db, made)
}
