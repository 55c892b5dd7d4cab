import type { Application } from '../../../ground/applications/index.ts'
import type { Call, CookieChange } from '../../../platform/http/index.ts'
import { sameDigest } from '../../../platform/secret.ts'
import { browserOf, knownBrowser } from '../browser.ts'
import type { Parts } from '../parts.ts'
import { assertOurs } from '../passkeys/challenge.ts'
import { refuse } from '../refusals.ts'
import { digestOfSecret, type HandOver } from './hand-over.ts'
import * as queries from './queries.ts'

/**
 * Takes the hand-over of a state for this browser at our origin: from then on the state opens nothing in any other. It may stand
 * in histories and be sent about.
 */
export async function claim(parts: Parts, call: Call, state: string): Promise<{ id: string; cookies: CookieChange[] }> {
  assertOurs(call)
  const browser = browserOf(call)
  const stateDigest = digestOfSecret(state)
  const claimed = await queries.claimHandOver(parts.db, { stateDigest, browser: browser.digest })
  if (claimed) return { id: claimed.id, cookies: browser.cookies }
  throw refuse((await queries.isHandOver(parts.db, stateDigest)) ? 'hand_over_other_browser' : 'hand_over_over')
}

export interface Met {
  handOver: HandOver
  application: Application
  /** Whether it can still be finished. */
  state: 'open' | 'over' | 'used'
}

/** The hand-over that this browser has claimed, for an application that is still at the origin it left. */
export async function meetHandOver(parts: Parts, call: Call, id: string): Promise<Met> {
  assertOurs(call)
  const handOver = await queries.findHandOver(parts.db, id)
  if (!handOver) throw refuse('hand_over_over')
  const browser = knownBrowser(call)
  // Before anything is said of it: it is nobody else's business.
  const isTheirs = browser && handOver.claimed_by && sameDigest(handOver.claimed_by, browser)
  if (!isTheirs) throw refuse('hand_over_other_browser')
  const application = applicationOf(parts, handOver)
  return { handOver, application, state: stateOf(handOver, parts.clock.now()) }
}

/** As `meetHandOver`, and refused where it cannot be finished any more. */
export async function meetOpen(parts: Parts, call: Call, id: string): Promise<Met> {
  const met = await meetHandOver(parts, call, id)
  if (met.state === 'used') throw refuse('hand_over_used')
  if (met.state === 'over') throw refuse('hand_over_over')
  return met
}

const stateOf = ({ used_at, expires_at }: HandOver, now: Date): Met['state'] =>
  used_at ? 'used' : now >= expires_at ? 'over' : 'open'

/** An origin that was taken away from an application meanwhile is somebody else's by now. */
export function applicationOf(
  { applications }: Pick<Parts, 'applications'>,
  { audience, here }: Pick<HandOver, 'audience' | 'here'>,
): Application {
  const application = applications.find(audience)
  if (!application?.origins.includes(new URL(here).origin)) throw refuse('hand_over_elsewhere')
  return application
}
