import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { byCaller } from '../../../ground/audit/index.ts'
import { DatabaseOutage, type Queries } from '../../../platform/database/index.ts'
import type { Call, CookieChange } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/id.ts'
import { FRESH_SIGN_IN_MS, type SessionRow } from '../../sessions/index.ts'
import { lockUser } from '../accounts/queries.ts'
import { brandOf } from '../brand.ts'
import { browserOf } from '../browser.ts'
import type { Parts } from '../parts.ts'
import { findUser } from '../queries.ts'
import { refuse } from '../refusals.ts'
import { tellMethod } from './mails.ts'
import { assertStrongest } from './strongest.ts'
import { assertSameSession } from './same-session.ts'
import { awakeAmong } from './awake.ts'
import { assertOurs, beginChallenge, beginHits, meetChallenge } from './challenge.ts'
import { ownerBy } from '../owner.ts'
import { CHALLENGE_LIFE_MS, type Passkey, PASSKEYS_MAX, readName } from './passkey.ts'
import type { User } from '../user.ts'
import * as queries from './queries.ts'
import { ALGORITHMS, verifyMade } from './verify.ts'

export interface EnrolmentBegun {
  /** For `navigator.credentials.create`. */
  options: PublicKeyCredentialCreationOptionsJSON
  expiresAt: Date
  cookies: CookieChange[]
}

/** Begins to enrol a passkey for whoever has proved lately that they are here (ASVS 7.5.1), and not for support. */
export async function beginEnrolment(parts: Parts, call: Call): Promise<EnrolmentBegun> {
  assertOurs(call)
  const actor = await ownerBy(parts.sessions.guards.freshPersonAlone(), call)
  await assertStrongest(parts, actor)
  const user = await findUser(parts.db, actor.id)
  if (!user) throw refuse('gone')

  const browser = browserOf(call)
  const now = parts.clock.now()
  const hits = beginHits(call, browser)
  parts.limiter.passHere(hits, now)
  const { begun, held } = await givingBack(parts, hits, () =>
    parts.db.transaction(async (db) => {
      await parts.limiter.pass(db, hits, now)
      const held = await queries.passkeysOf(db, user.id)
      assertRoom(held.length)
      const begin = { userId: user.id, sessionId: actor.sessionId, browser, audience: ACCOUNT_AUDIENCE, returnTo: '' }
      return { begun: await beginChallenge(parts, db, { purpose: 'enrol', ...begin }), held }
    }),
  )
  const options = await generateRegistrationOptions({
    rpName: brandOf(parts, ACCOUNT_AUDIENCE).name,
    rpID: parts.config.relyingPartyId,
    userName: user.email,
    userDisplayName: user.name ?? user.email,
    userID: Uint8Array.from(Buffer.from(user.id)),
    challenge: Uint8Array.from(Buffer.from(begun.challenge, 'base64url')),
    timeout: CHALLENGE_LIFE_MS,
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: held.map(({ credential_id, transports }) => ({
      id: credential_id.toString('base64url'),
      transports,
    })),
  })
  return { options, expiresAt: begun.expiresAt, cookies: browser.cookies }
}

/** What was taken of the limits is given back when the database was away. */
export async function givingBack<T>(
  { limiter }: Parts,
  hits: ReturnType<typeof beginHits>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DatabaseOutage) limiter.giveBackHere(hits)
    throw error
  }
}

export interface FinishEnrolment {
  response: RegistrationResponseJSON
  /** As it was typed, or as the page calls the device. */
  name: string
}

/** They were fresh when they began, and the ceremony is part of it. */
export const FRESH_WHILE_ENROLLING_MS = FRESH_SIGN_IN_MS + CHALLENGE_LIFE_MS

/**
 * Keeps the passkey that an authenticator made, in the session that asked for it. The challenge is tried once: an answer that does
 * not hold uses it up as well.
 */
export async function finishEnrolment(
  parts: Parts,
  call: Call,
  { response, name: typed }: FinishEnrolment,
): Promise<Passkey> {
  assertOurs(call)
  const actor = await ownerBy(parts.sessions.guards.freshPersonAlone(FRESH_WHILE_ENROLLING_MS), call)
  const name = readName(typed)
  if (name === undefined) throw refuse('bad_passkey_name')
  const { row, challenge } = await meetChallenge(parts, call, response.response.clientDataJSON, {
    purposes: ['enrol'],
    handOverId: null,
  })
  if (row.user_id !== actor.id) throw refuse('passkey_challenge_over')
  const session = await assertSameSession(parts, actor, {
    sessionId: row.session_id,
    freshWithinMs: FRESH_WHILE_ENROLLING_MS,
    refusal: 'passkey_other_browser',
  })

  const made = await verifyMade(response, { challenge, config: parts.config })
  const now = parts.clock.now()
  if (!made) {
    await queries.useChallenge(parts.db, row.id, now)
    throw refuse('passkey_refused')
  }
  const passkey: Made = {
    ...made,
    id: newId('psk', now),
    user_id: actor.id,
    rp_id: parts.config.relyingPartyId,
    name,
    ...(await enrolmentOf(parts, session)),
    unconfirmed_since: null,
    last_used_at: null,
    copied_at: null,
  }
  const kept = await parts.db.transaction(async (db) => {
    if (!(await queries.useChallenge(db, row.id, now))) throw refuse('passkey_challenge_used')
    return keep(parts, db, call, passkey)
  })
  const { isDormant } = kept
  tellMethod(parts, call, kept.user, { kind: 'added', passkey: kept.passkey.name, isDormant })
  return kept.passkey
}

/** `root_at`: null: it is made by what is shown now. */
type Enrolment = Pick<Passkey, 'enrolled_by_provider' | 'root_amr' | 'root_acr' | 'root_provider'> & {
  root_at: Date | null
}
type Made = Omit<Passkey, 'created_at' | 'root_at'> & Enrolment

/**
 * By what this session was proven: where an organisation demands more than a mailbox, a passkey counts for no more than that.
 * One that another passkey enrolls has the root of that one, or a mailbox would have to make two keys instead of one.
 */
async function enrolmentOf(parts: Parts, session: SessionRow): Promise<Enrolment> {
  const { user_id: userId, proven_with: provenWith, amr, acr, proven_by: provenBy } = session
  const shown = provenWith === null ? undefined : await queries.findOwnPasskey(parts.db, provenWith, userId)
  if (shown) {
    const { root_amr, root_acr, root_provider, root_at } = shown
    return { enrolled_by_provider: provenBy, root_amr, root_acr, root_provider, root_at }
  }
  // Of ours nothing but a passkey is more than one factor, and what one that was removed since was worth is not known.
  const rootAcr = provenBy !== null && acr === 'multiple' ? 'multiple' : 'single'
  const root = { root_amr: amr, root_acr: rootAcr, root_provider: provenBy, root_at: null } as const
  return { enrolled_by_provider: provenBy, ...root }
}

async function keep(
  parts: Parts,
  db: Queries,
  call: Call,
  passkey: Made,
): Promise<{ passkey: Passkey; user: User; isDormant: boolean }> {
  // Their turn: of two that finish at once, the second sees what the first has kept.
  const user = await lockUser(db, passkey.user_id)
  if (!user) throw refuse('gone')
  assertRoom((await queries.passkeysOf(db, passkey.user_id)).length)
  // Fail-over compares it with when an outage began, which all processes know by one clock.
  const at = await parts.sharedNow(db)
  const kept = await queries.insertPasskey(db, { ...passkey, created_at: at, root_at: passkey.root_at ?? at })
  if (!kept) throw refuse('passkey_exists')
  const facts = { passkey: kept.id, is_multi_device: kept.is_multi_device }
  await parts.signal(db, { kind: 'passkey.enrolled', subject: kept.user_id, facts })
  const subject = { kind: 'user', id: kept.user_id }
  const named = { ...facts, name: kept.name }
  await parts.audit(db, { by: byCaller(call, kept.user_id), action: 'passkey.enrolled', subject, facts: named })
  const person = { userId: kept.user_id, audience: ACCOUNT_AUDIENCE }
  const isDormant = (await awakeAmong(parts, db, person, [kept])).length === 0
  return { passkey: kept, user, isDormant }
}

function assertRoom(held: number): void {
  if (held >= PASSKEYS_MAX) throw refuse('too_many_passkeys', { most: PASSKEYS_MAX })
}
