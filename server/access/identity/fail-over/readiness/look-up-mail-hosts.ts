import type { MailExchangers } from '../../../../platform/mail-exchangers.ts'
import type { Parts } from '../../parts.ts'
import { takeTurn } from '../turns/queries.ts'
import * as queries from './queries.ts'

/** A day is what most mail exchangers give as their own time to live; whoever moves their mail is known a day later. */
const GOOD_FOR_MS = 24 * 60 * 60_000
/** Whoever did not answer is asked again after this. */
const AGAIN_MS = 60 * 60_000
/** Domains a round: 288 000 a day, and no burst that a resolver would take for an attack. */
const DOMAINS_A_ROUND = 200
const AT_ONCE = 8
/** Where nobody has an address any more. */
const WANTED_MS = 30 * 24 * 60 * 60_000
const FORGOTTEN_A_ROUND = 1000
export const LOOKED_UP_EVERY_MS = 60_000

/** Asks DNS where the mailboxes of people are, for the domains whose turn it is. What does not answer stays as it was known. */
export async function lookUpMailHosts(parts: Parts, mailExchangers: MailExchangers, by: string): Promise<void> {
  const { background: db, clock } = parts
  const now = clock.now()
  // A little shorter than the rhythm, or every second round would come too early.
  const turn = { name: 'mail hosts', everyMs: LOOKED_UP_EVERY_MS / 2, by }
  if (!(await takeTurn(db, turn, now))) return
  const before = (ms: number) => new Date(now.getTime() - ms)
  const due = await queries.mailHostsDue(db, {
    answeredBefore: before(GOOD_FOR_MS),
    triedBefore: before(AGAIN_MS),
    limit: DOMAINS_A_ROUND,
  })
  for (let from = 0; from < due.length; from += AT_ONCE) {
    const domains = due.slice(from, from + AT_ONCE)
    const found = await Promise.all(domains.map(async (domain) => ({ domain, hosts: await mailExchangers(domain) })))
    await queries.keepMailHosts(db, found, now)
  }
  await queries.forgetMailHosts(db, before(WANTED_MS), FORGOTTEN_A_ROUND)
}
