import type { Queries } from '../../platform/database/index.ts'
import type { Call } from '../../platform/http/index.ts'
import { newId } from '../../platform/id.ts'
import { byCaller } from '../audit/index.ts'
import { type ApplicationRow, onUnknownDefault } from './application.ts'
import { type Brand, NO_BRAND, readBrand } from './brand.ts'
import { newKey } from './new-key.ts'
import { readOrigins } from './origins.ts'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'
import { refuse } from './refusals.ts'
import type { CreateApplication } from './shapes.ts'

/** Makes an application, and its key, which is told once. */
export async function createApplication(
  parts: Parts,
  db: Queries,
  call: Pick<Call, 'actor' | 'address' | 'headers'>,
  input: CreateApplication,
): Promise<{ row: ApplicationRow; key: string }> {
  const now = parts.clock.now()
  const id = newId('app', now)
  const { key, ...sealed } = newKey(parts.secret, parts.environment)
  const origins = await takenOrigins(parts, db, input.origins, id)
  if ((await queries.countApplications(db)) >= queries.APPLICATIONS_MAX) {
    throw refuse('too_many', { max: queries.APPLICATIONS_MAX })
  }
  const made = {
    id,
    name: nameOf(input.name),
    origins,
    onUnknown: input.on_unknown ?? onUnknownDefault,
    brand: brandOf(input.brand ?? {}, NO_BRAND),
  }
  const row = await queries.insertApplication(db, { ...made, ...sealed }, now)
  await parts.audit(db, {
    by: byCaller(call),
    action: 'application.created',
    subject: { kind: 'application', id },
    facts: { origins, on_unknown: made.onUnknown },
  })
  return { row, key }
}

export function nameOf(given: string): string {
  const name = given.normalize('NFC').replace(/\s+/g, ' ').trim()
  if (name === '' || /\p{Cc}/u.test(name)) throw refuse('bad_name')
  return name
}

/** Of the brand there was, what is given takes the place. */
export function brandOf(given: Partial<Brand>, before: Brand): Brand {
  const read = readBrand({ ...before, ...given })
  if (read.outcome === 'invalid') throw refuse('bad_brand', { says: read.says, at: read.at })
  return read.brand
}

/**
 * Origins that are good and nobody else's: a return address, and whose brand a page bears, must have one answer. Two
 * requests that want the same one wait for each other.
 */
export async function takenOrigins(parts: Parts, db: Queries, given: readonly string[], id: string): Promise<string[]> {
  const read = readOrigins(given, parts.url)
  if (read.outcome !== 'ok') throw refuse(read.outcome === 'bad' ? 'bad_origin' : 'own_origin', { origin: read.origin })
  await queries.lockOrigins(db)
  const other = await queries.findByOrigins(db, read.origins, id)
  if (other) {
    const origin = other.origins.find((each) => read.origins.includes(each))
    throw refuse('origin_taken', { origin, application: other.id })
  }
  return read.origins
}
