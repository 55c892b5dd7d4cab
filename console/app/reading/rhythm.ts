import type { Query } from '@tanstack/react-query'
import { isOutage } from '../api/failure.ts'

const LIST_RHYTHM_MS = 5000
/** In an outage: the page is right again within two seconds of the return. */
const FAILED_RHYTHM_MS = 1000

/** How often a list is read again while somebody looks at it. Browsers that are hidden read nothing. */
export function listRhythm({ state }: Pick<Query, 'state'>): number {
  return state.status === 'error' && isOutage(state.error) ? FAILED_RHYTHM_MS : LIST_RHYTHM_MS
}
