import { auditAt } from '../../ground/audit/index.ts'
import { signalAt } from '../../ground/signals/index.ts'
import { databaseNow, type Queries } from '../../platform/database/index.ts'
import type { Call, Problem, Route } from '../../platform/http/index.ts'
import { deleteCodes } from './break-glass/queries.ts'
import { purgeAccounts } from './accounts/purge-accounts.ts'
import { activeAmong } from './accounts/queries.ts'
import { askAgain } from './federation/still-there/ask-again.ts'
import { openUnasked, type Unasked } from './federation/still-there/longest-unasked.ts'
import { assertMayActFor, heldBackOf } from './fail-over/act-for.ts'
import { renderProblem } from './hosted/problem.ts'
import { startIdentityJobs } from './jobs.ts'
import { openLimiter } from './limits/limiter.ts'
import { type Delivery, openMailer } from './mailer.ts'
import { makeEnrolmentLink } from './make-enrolment-link.ts'
import type { Parts, Surroundings } from './parts.ts'
import { openPost, type Post } from './post.ts'
import { assertStrongest } from './passkeys/strongest.ts'
import { countUsers } from './queries.ts'
import { followMemberships } from './organizations/follow-memberships.ts'
import { namesOf } from './organizations/queries.ts'
import { openReopened } from './reopened.ts'
import { identityRoutes } from './routes.ts'

export interface OpenIdentityOptions extends Surroundings {
  delivery: Delivery
}

export interface Identity extends AsyncDisposable {
  routes: Route[]
  /** Refusals of every page route, for people. Does not throw and asks nothing of the database. */
  renderProblem(said: Problem, call: Call): string
  /** The one-time link by which the first administrator enrols. */
  makeEnrolmentLink(): Promise<string>
  countUsers(): Promise<number>
  /** What its job does every minute: deletes for good whose grace is over, and answers how many those were. */
  purgeAccounts(): Promise<number>
  /** What its job does in its turn: asks providers whether people are still there; of how many it asked. */
  askProvidersAgain(): Promise<number>
  unasked: Unasked
  /** In the transaction that takes a role away: what was printed for it opens nothing any more. */
  voidBreakGlassCodes(db: Queries, userId: string): Promise<void>
  /** Those of them whose account is open: not blocked, not going to be deleted. */
  ableAmong(db: Queries, ids: readonly string[]): Promise<string[]>
  /** What people are called; those who are not there are left out. */
  namesOf(db: Queries, ids: readonly string[]): Promise<Map<string, { email: string; name: string | null }>>
  /** Has sessions and invitations follow what becomes of memberships, now; it runs by itself as well. */
  followMemberships(): Promise<void>
}

export function openIdentity(options: OpenIdentityOptions): Identity {
  const post = openPost(options.log)
  const parts = partsOf(options, post)
  const unasked = openUnasked(parts)
  const jobs = startIdentityJobs(parts, unasked)
  options.tenants.onAsk((db, actor, ids) => heldBackOf(parts, db, actor, ids))
  options.sessions.guards.onFreshStaff(async (actor) => {
    await assertStrongest(parts, actor)
  })
  options.sessions.organization.onSwitch((db, asked) => assertMayActFor(parts, db, asked))
  const following = followMemberships(parts)
  return {
    routes: identityRoutes(parts),
    renderProblem: (said, call) => renderProblem(parts, said, call),
    makeEnrolmentLink: () => makeEnrolmentLink(parts),
    countUsers: () => countUsers(options.background),
    purgeAccounts: () => purgeAccounts(parts),
    askProvidersAgain: () => askAgain(parts),
    unasked,
    voidBreakGlassCodes: deleteCodes,
    ableAmong: activeAmong,
    namesOf,
    followMemberships: following.follow,
    async [Symbol.asyncDispose]() {
      await following[Symbol.asyncDispose]()
      await jobs.stop()
      await post[Symbol.asyncDispose]()
    },
  }
}

/** What every verb is handed. */
export function partsOf(options: OpenIdentityOptions, post: Post): Parts {
  const { clock, secret, delivery, applications, config } = options
  return {
    ...options,
    sharedNow: options.sharedNow ?? databaseNow,
    signal: signalAt(() => clock.now()),
    audit: auditAt(() => clock.now()),
    limiter: openLimiter(secret),
    mailer: openMailer({ delivery, post, clock, applications, environment: config.environment }),
    reopened: openReopened(),
  }
}
