import { isOpen, type Verdict } from '../../providers/index.ts'
import type { Parts } from '../parts.ts'
import * as queries from './queries.ts'

/** A person who works has seen a banner by then, and one who does not is asked when they come back. */
export const DUE_MS = 15 * 60_000

/**
 * What becomes of the sessions that were begun while a provider was down. Once its verdict is closed each gets a deadline, by
 * which it has to be confirmed there; were it to go down again before, the deadline is lifted: nobody can meet it then, and
 * the session ends at its own short life at the latest.
 *
 * Looks at what there is, and remembers nothing: whatever a crash interrupts, and whoever was let in at the very moment in
 * which the provider came back, is found by the next round of any process.
 */
export async function followVerdicts(parts: Parts): Promise<void> {
  const { background: db, providers, sessions } = parts
  for (const { provider_id: standsInFor, is_open, is_due } of await sessions.failOver.stoodInFor()) {
    const verdict = await providers.verdictIn(db, standsInFor)
    const now = await parts.sharedNow(db)
    if (isDown(verdict, now)) {
      if (is_due) await putDeadline(parts, standsInFor, null)
    } else if (is_open) {
      await putDeadline(parts, standsInFor, new Date(now.getTime() + DUE_MS))
    }
  }
}

async function putDeadline({ sessions, background }: Parts, standsInFor: string, at: Date | null): Promise<void> {
  await sessions.failOver.putDeadline({ standsInFor, at })
  await queries.noteDue(background, standsInFor, at)
}

/** While nobody can tell, nobody is held to a deadline either; an order of an administrator is one for this as well. */
function isDown(verdict: Verdict | undefined, now: Date): boolean {
  return isOpen(verdict, { now, unknownOpens: true })
}
