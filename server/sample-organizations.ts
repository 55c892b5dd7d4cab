import type { Features } from './features.ts'

/**
 * In a minute. Up to fifty organisations have a value for each minute, five hundred for each ten minutes, 72 000 for each
 * day: it bounds what is counted and what is kept, however many there are.
 */
const ORGANIZATIONS_A_TURN = 50
/** Nobody needs to know how many more it are than this. */
const SESSIONS_MAX = 100_000

/** Live sessions of some organisations, newest first, turn after turn; then from the newest again. */
export function sampleOrganizations({
  tenants,
  sessions,
  background,
}: Pick<Features, 'tenants' | 'sessions' | 'background'>) {
  let beforeId: string | undefined
  return async (): Promise<Map<string, number>> => {
    const ids = await tenants.ids(background, { beforeId, limit: ORGANIZATIONS_A_TURN })
    beforeId = ids.length < ORGANIZATIONS_A_TURN ? undefined : ids.at(-1)
    return sessions.organization.countLive(background, ids, SESSIONS_MAX)
  }
}
