import type { Queries } from '../../../platform/database/index.ts'
import { refuse } from '../refusals.ts'
import { storedLength } from './queries.ts'

type Metadata = Record<string, unknown>

/** As the table's own limit. */
const BYTES_MAX = 16_384
/** What is longer cannot fit, whatever PostgreSQL makes of it, and is not sent there. */
const WRITTEN_MAX = 2 * BYTES_MAX

/** What is kept after a merge by top-level name; null takes a name out. Refuses what PostgreSQL could not keep. */
export async function readMetadata(db: Queries, kept: Metadata, said: Metadata | undefined): Promise<string> {
  const merged = Object.fromEntries(Object.entries({ ...kept, ...said }).filter(([, value]) => value !== null))
  const json = JSON.stringify(merged)
  if (said === undefined) return json
  // jsonb holds neither the character 0 nor half of one.
  if (/\\u0000|\\ud[89a-f][0-9a-f]{2}/i.test(json)) throw refuse('bad_metadata')
  if (json.length > WRITTEN_MAX || (await storedLength(db, json)) > BYTES_MAX) throw refuse('metadata_too_large')
  return json
}
