import { join } from 'node:path'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queries } from '../../platform/database/index.ts'
import type { Call, Guard, Route } from '../../platform/http/index.ts'
import type { Job } from '../../platform/jobs.ts'
import type { Logger } from '../../platform/log.ts'
import type { Secret } from '../../platform/secret.ts'
import { auditAt } from '../audit/index.ts'
import type { Scope } from '../environment/index.ts'
import { signalAt } from '../signals/index.ts'
import { authenticate } from './authenticate.ts'
import { type FlagAsker, findAsker, findAskerAtOnce, type ShownToken } from './find-asker.ts'
import { scopesOfCaller } from './create-token.ts'
import { tokenJobs } from './jobs.ts'
import { openKnownTokens } from './known-tokens.ts'
import type { Parts } from './parts.ts'
import { tokenNames } from './queries.ts'
import { openRefused } from './refused.ts'
import { tokenRoutes } from './routes.ts'
import { openStandingTokens, type StandingTokens } from './standing-tokens.ts'

export interface OpenTokensOptions {
  /** What programs wait for. */
  db: Database
  /** What runs by itself. */
  background: Database
  clock: Clock
  secret: Secret
  environment: string
  /** Where access keeps its last known good state. */
  folder: string
  log?: Pick<Logger, 'warn'>
  /** What staff may do, by their role. */
  scopesOf(userId: string): ReadonlySet<Scope>
}

export interface Tokens {
  /** By the header Authorization. Refuses what is no live token of this environment; an outage is thrown as one. */
  authenticate(authorization: string): Promise<{ id: string; scopes: ReadonlySet<Scope> }>
  /** What a caller may do itself: a person by their role, a token by what the database says now. */
  scopesOfCaller(db: Queries, call: Pick<Call, 'actor'>): Promise<ReadonlySet<Scope>>
  routes(staff: (scope: Scope, freshness?: { freshWithinMs?: number }) => Guard): Route[]
  /** What tokens are called, for whoever shows their ids. */
  names(db: Queries, ids: readonly string[]): Promise<Map<string, string>>
  /** Whom flags answer: at once from memory, or after a look. */
  flagAskers: FlagAskers
  jobs: Job[]
}

export interface FlagAskers extends Pick<StandingTokens, 'stateOf' | 'hasOrigin' | 'reload'> {
  findAtOnce(shown: ShownToken): FlagAsker | undefined
  find(shown: ShownToken): Promise<FlagAsker>
}

export async function openTokens(options: OpenTokensOptions): Promise<Tokens> {
  const { clock, background: db, folder, log } = options
  const standing = await openStandingTokens({ db, clock, file: join(folder, 'flag-tokens.json'), ...(log && { log }) })
  const parts: Parts = {
    ...options,
    audit: auditAt(() => clock.now()),
    signal: signalAt(() => clock.now()),
    known: openKnownTokens(clock),
    standing,
    refused: openRefused(),
    used: new Map(),
  }
  return {
    async authenticate(authorization) {
      const { id, scopes } = await authenticate(parts, authorization)
      return { id, scopes: new Set(scopes) }
    },
    scopesOfCaller: (db, call) => scopesOfCaller(parts, db, call),
    routes: (staff) => tokenRoutes(parts, staff),
    names: tokenNames,
    flagAskers: {
      ...standing,
      findAtOnce: (shown) => findAskerAtOnce(parts, shown),
      find: (shown) => findAsker(parts, shown),
    },
    jobs: tokenJobs(parts),
  }
}
