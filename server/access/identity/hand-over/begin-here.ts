import type { Queries } from '../../../platform/database/index.ts'
import type { Call, CookieChange } from '../../../platform/http/index.ts'
import { newSecret } from '../../../platform/id.ts'
import { browserOf } from '../browser.ts'
import type { Parts } from '../parts.ts'
import { beginHits } from '../passkeys/challenge.ts'
import { givingBack } from '../passkeys/enrol.ts'
import { digestOfSecret, HAND_OVER_LIFE_MS } from './hand-over.ts'

/** What is the same of everything that leaves one of the two origins for the other. */
export interface Away {
  state_digest: Buffer
  browser_digest: Buffer
  created_at: Date
  expires_at: Date
}

/** Begins it in this browser, within its limits, and gives the state that goes along in the address. */
export async function beginHere(
  parts: Parts,
  call: Call,
  put: (db: Queries, away: Away) => Promise<void>,
): Promise<{ state: string; cookies: CookieChange[] }> {
  const now = parts.clock.now()
  const browser = browserOf(call)
  const state = newSecret()
  const away: Away = {
    state_digest: digestOfSecret(state),
    browser_digest: browser.digest,
    created_at: now,
    expires_at: new Date(now.getTime() + HAND_OVER_LIFE_MS),
  }
  const hits = beginHits(call, browser)
  parts.limiter.passHere(hits, now)
  await givingBack(parts, hits, () =>
    parts.db.transaction(async (db) => {
      await parts.limiter.pass(db, hits, now)
      await put(db, away)
    }),
  )
  return { state, cookies: browser.cookies }
}
