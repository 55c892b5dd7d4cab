/** How much is made up. Proportions between kinds of things stay the same, so that a small database is like a large one. */
export interface Size {
  users: number
  organizations: number
  sessions: number
}

/** Issue 3, acceptance 4. */
export const LARGE: Size = { users: 1_000_000, organizations: 100_000, sessions: 2_000_000 }

export const TOKENS = 1000
export const APPLICATIONS = 50
export const PROVIDERS = 40
/** Of everybody, how many are in the one large organisation: 100 000 of 1 000 000. */
export const IN_LARGEST = 10
/** One person with 5 000 sessions of 2 000 000. */
export const OF_BUSIEST = 400

const DAY_MS = 24 * 60 * 60_000
/** People and organisations came over three years; sessions of the last months are kept (`HOLDFAST_SESSION_RETENTION`). */
export const span = {
  user: 3 * 365 * DAY_MS,
  organization: 3 * 365 * DAY_MS,
  membership: 3 * 365 * DAY_MS,
  invitation: 120 * DAY_MS,
  session: 110 * DAY_MS,
  entry: 400 * DAY_MS,
  signal: 90 * DAY_MS,
} as const

/** What a search finds: one name is borne by a few of the oldest accounts alone, one by many, one by nobody. */
export const words = { onlyOld: 'zephyrine', frequent: 'anna', none: 'qqqq', domain: 'gmail' } as const
