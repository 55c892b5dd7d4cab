import type { Queries } from '../../platform/database/index.ts'
import type { Call } from '../../platform/http/index.ts'
import { byCaller } from '../audit/index.ts'
import type { ApplicationRow } from './application.ts'
import { keptBrand } from './brand.ts'
import { brandOf, nameOf, takenOrigins } from './create-application.ts'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'
import { refuse } from './refusals.ts'
import type { UpdateApplication } from './shapes.ts'

/** Changes what is given. Its SDKs hear of it by the feed, in every process within five seconds. */
export async function updateApplication(
  parts: Parts,
  db: Queries,
  call: Pick<Call, 'actor' | 'address' | 'headers'>,
  { id, ...input }: UpdateApplication & { id: string },
): Promise<ApplicationRow> {
  const before = await findApplication(db, id)
  const changed = {
    id,
    name: input.name === undefined ? before.name : nameOf(input.name),
    origins: input.origins === undefined ? before.origins : await takenOrigins(parts, db, input.origins, id),
    onUnknown: input.on_unknown ?? { policy: before.on_unknown_policy, max_age_s: before.on_unknown_max_age_s },
    brand: brandOf(input.brand ?? {}, keptBrand(before.brand)),
  }
  const row = await queries.updateApplication(db, changed, parts.clock.now())
  await parts.audit(db, {
    by: byCaller(call),
    action: 'application.changed',
    subject: { kind: 'application', id },
    // What stands in it now is read where it stands; here, only what somebody laid hands on.
    facts: {
      changed: Object.keys(input),
      ...(input.origins && { origins: changed.origins }),
      ...(input.on_unknown && { on_unknown: changed.onUnknown }),
    },
  })
  return row
}

export async function findApplication(db: Queries, id: string): Promise<ApplicationRow> {
  const row = await queries.findApplication(db, id)
  if (!row) throw refuse('no_application', { id: id.replace(/[^\w]/g, '') })
  return row
}
