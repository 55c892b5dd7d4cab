import { StampRefused } from '../../../ground/environment/index.ts'
import { onOneConnection, type Queries } from '../../../platform/database/index.ts'
import * as queries from './queries.ts'

/** As long as a store may take to show that it is ours. */
const DEADLINE_MS = 3000

/** How many passkeys open nothing because they were made for another relying party, and for which; undefined: none. */
export async function madeForAnother(
  db: Queries,
  relyingPartyId: string,
): Promise<{ rp_id: string; passkeys: number } | undefined> {
  return (await queries.isPasskeyTableThere(db)) ? queries.passkeysOfAnother(db, relyingPartyId) : undefined
}

/**
 * A passkey never leaves the relying party it was made for: with another name all of them would open nothing, and nobody
 * would know why. So a start under another name is refused while there are passkeys.
 */
export async function assertRelyingParty(url: string, relyingPartyId: string): Promise<void> {
  const found = await onOneConnection(url, DEADLINE_MS, (db) => madeForAnother(db, relyingPartyId))
  if (found) throw new StampRefused(anotherParty(found, relyingPartyId))
}

export const anotherParty = (found: { rp_id: string; passkeys: number }, relyingPartyId: string) =>
  `HOLDFAST_RP_ID is ${relyingPartyId}, and ${found.passkeys} ${found.passkeys === 1 ? 'passkey was' : 'passkeys were'} made for ${found.rp_id}: set HOLDFAST_RP_ID=${found.rp_id}, or they open nothing.`
