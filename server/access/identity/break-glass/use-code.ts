import { byCaller } from '../../../ground/audit/index.ts'
import { CONSOLE_AUDIENCE } from '../../../ground/applications/index.ts'
import { findStaff, listStaff } from '../../../ground/environment/index.ts'
import { DatabaseOutage, type Queries } from '../../../platform/database/index.ts'
import type { Call, CookieChange } from '../../../platform/http/index.ts'
import { sameDigest } from '../../../platform/secret.ts'
import type { Email } from '../email.ts'
import { addressBlock } from '../limits/address-block.ts'
import { limits } from '../limits/limits.ts'
import type { Parts } from '../parts.ts'
import { BY_RECOVERY_CODE } from '../passkeys/strongest.ts'
import { findUserByEmail, noteSignIn } from '../queries.ts'
import { sessionUser, type User } from '../user.ts'
import { digestOfCode, readCode } from './code.ts'
import { breakGlassMail } from './mail.ts'
import * as queries from './queries.ts'

/** Of whoever is no administrator, so that the same work is done for everybody. */
const NOBODY = 'usr_nobody'

export type CodeUsed =
  | { outcome: 'signed-in'; user: User; left: number; cookies: CookieChange[] }
  /** A wrong code, a used one, no account, no administrator: one answer for all. */
  | { outcome: 'wrong' }

/**
 * Signs an administrator in to the console by a printed code: the way in while no mail can be sent.
 *
 * Attempts are counted, and that is committed, before anything is compared. They are counted by network only: 80 bits
 * cannot be guessed, and a limit by address would let a stranger keep its owner out in the very hour this is for.
 */
export async function useBreakGlassCode(
  parts: Parts,
  call: Call,
  { email, code: typed }: { email: Email; code: string },
): Promise<CodeUsed> {
  const now = parts.clock.now()
  const hits = [{ limit: limits.breakGlassInBlock, subject: addressBlock(call.address) }]
  parts.limiter.passHere(hits, now)
  await parts.db.transaction((db) => parts.limiter.pass(db, hits, now))

  const used = await parts.db.transaction((db) => compare(parts, db, call, { email, typed, now }))
  if (!used) return { outcome: 'wrong' }
  const { user, left, name } = used
  const { cookies } = await issue(parts, call, { user, name })
  await noteEntry(parts, user)
  await tellAdministrators(parts, call, { user, left })
  return { outcome: 'signed-in', user, left, cookies }
}

async function issue(parts: Parts, call: Call, { user, name }: { user: User; name: string }) {
  try {
    return await parts.sessions.issue(call, {
      user: sessionUser(user),
      audience: CONSOLE_AUDIENCE,
      // As a recovery code: it was made by the strongest method, and is for the day on which the others are lost.
      amr: ['otp', BY_RECOVERY_CODE],
      acr: 'single',
    })
  } catch (error) {
    // The database went away in between: the code opened nothing, and may be typed once more here.
    if (error instanceof DatabaseOutage) parts.reopened.add(name)
    throw error
  }
}

/** As every sign-in is: counted by its method, and the person's last. How long it took nobody measured. */
async function noteEntry({ db, clock, signal, log }: Parts, user: User): Promise<void> {
  const facts = { method: 'break-glass', audience: CONSOLE_AUDIENCE }
  try {
    await db.transaction(async (inside) => {
      await noteSignIn(inside, user.id, clock.now())
      await signal(inside, { kind: 'sign-in.succeeded', subject: user.id, facts })
    })
  } catch (error) {
    // The session stands: no reason to keep anybody out.
    if (!(error instanceof DatabaseOutage)) throw error
    log.warn({ outcome: error.outcome }, 'a sign-in could not be noted: the database is away')
  }
}

interface Compare {
  email: Email
  typed: string
  now: Date
}

async function compare(
  parts: Parts,
  db: Queries,
  call: Call,
  { email, typed, now }: Compare,
): Promise<{ user: User; left: number; name: string } | undefined> {
  const user = await findUserByEmail(db, email.key)
  const staff = await findStaff(db, user?.id ?? NOBODY)
  const isAdministrator = staff?.role === 'administrator'
  const digest = digestOfCode(parts.secret, user?.id ?? NOBODY, typed)
  const codes = await queries.codesOf(db, user?.id ?? NOBODY)
  // Each is looked at, whichever it is.
  const [found] = codes.filter((code) => sameDigest(code.digest, digest))
  const name = `break-glass ${digest.toString('base64')}`
  const isReopened = found?.used_at != null && parts.reopened.take(name)
  const mayUse = user && isAdministrator && found && readCode(typed) !== undefined
  if (!mayUse || !(await queries.useCode(db, { digest, isReopened }, now))) {
    const facts = { method: 'break-glass', reason: 'wrong_break_glass_code', audience: CONSOLE_AUDIENCE }
    await parts.signal(db, { kind: 'sign-in.failed', subject: user?.id ?? 'break-glass', facts })
    return undefined
  }

  const left = codes.filter((code) => code.used_at === null && code !== found).length
  const subject = { kind: 'user', id: user.id }
  await parts.audit(db, { by: byCaller(call, user.id), action: 'break_glass_codes.used', subject, facts: { left } })
  await parts.signal(db, { kind: 'administrator.break-glass-used', subject: user.id, facts: { left } })
  return { user, left, name }
}

/** Everybody who could have done it hears that somebody did; the mail goes out when one can, and nobody waits for it. */
async function tellAdministrators(
  parts: Parts,
  call: Call,
  { user, left }: { user: User; left: number },
): Promise<void> {
  const { db, mailer, clock, log } = parts
  const { address, origin } = call
  const props = { email: user.email, at: clock.now(), left, address, consoleUrl: `${origin}/console/` }
  try {
    const staff = await listStaff(db)
    const ids = staff.filter(({ role }) => role === 'administrator').map((row) => row.user_id)
    for (const person of await queries.peopleById(db, ids)) {
      mailer.notice(person, 'break-glass-used', (letter) => breakGlassMail(letter, props))
    }
  } catch (error) {
    // The session stands, and so does the audit: no reason to keep anybody out.
    if (!(error instanceof DatabaseOutage)) throw error
    log.warn({}, 'administrators get no mail about a printed code that was used: the database is away')
  }
}
