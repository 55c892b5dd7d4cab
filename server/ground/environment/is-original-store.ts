import type { Queries } from '../../platform/database/index.ts'
import { idAt } from '../../platform/id.ts'
import { findStampedAt } from './queries.ts'

/** A start that is held up between making the stamp and writing it; clocks of two machines. */
const MADE_TOGETHER_MS = 5 * 60_000

/**
 * Whether this database bore the installation's stamp from the beginning: the id of an installation tells when it was made. One
 * that was put in the place of another was stamped later, by a process that had the stamp on its disk.
 */
export async function isOriginalStore(db: Queries): Promise<boolean> {
  const found = await findStampedAt(db)
  if (!found) return false
  return found.installationId >= idAt('ins', new Date(found.stampedAt.getTime() - MADE_TOGETHER_MS))
}
