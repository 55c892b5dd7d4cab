import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'
import { refuse } from './refusals.ts'

export { Person, SessionShape } from './answers.ts'
export { deviceOf } from './device.ts'
export { beforeOf as endedBefore, type End as SessionEnd, unknownAnswers } from './ends/look-up-ends.ts'
export type { StandIns } from './deadlines/stand-ins.ts'
export {
  assertOrdinary,
  assertOrdinaryNow,
  FRESH_SIGN_IN_MS,
  type Freshness,
  type Guards,
  isChange,
  type Staff,
  type TokenHolder,
} from './guards.ts'
export type { ActingAsked } from './house.ts'
export type { Begin, IssueSession } from './issue-session.ts'
export { type OpenSessionsOptions, openSessions, type Sessions } from './open-sessions.ts'
export { sessionOrganizationRoutes, switchTo } from './organization/routes.ts'
export { anonymiseSessions } from './people/queries.ts'
export { rotateSigningKey } from './rotate-signing-key.ts'
export { sessionRoutes } from './routes.ts'
export type { Device, SessionRow } from './session.ts'
export { SESSIONS_A_PORTION, type SessionsWithin } from './sessions-within.ts'
export { type SignOutsSeen, sentenceOf as sentenceOfSignOuts } from './sign-outs/watch-sign-outs.ts'

/** Every way in which it says no, for the documentation. */
export const refusals = refuse.listed

export const migrations: MigrationSource = {
  schema: 'sessions',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}
