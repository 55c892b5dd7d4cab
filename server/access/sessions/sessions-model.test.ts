import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { SessionUser } from '../../../sdk/contract.ts'
import { DatabaseOutage } from '../../platform/database/index.ts'
import { callWith, faulty, HOUR_MS, type Jar, keep, openRig, otp, person, type SessionsRig } from './testing.ts'

/**
 * The promise as a machine: whatever happens in whatever order (refresh, race, revoke, expiry, outage, restart, a COMMIT
 * whose answer was lost), a session whose end was acknowledged is never valid again, and one that nobody ended and that
 * has not run out is never invalid. One of fail-over is never valid past its deadline, until it was proven anew.
 */

/** What is certain about a session. `doubtful`: an end was asked for and its answer was lost. */
type Fate = 'live' | 'doubtful' | 'ended'

interface Browser {
  user: SessionUser
  jar: Jar
  sessionId: string | undefined
}

interface World {
  rig: SessionsRig
  fault: ReturnType<typeof faulty>
  browsers: Browser[]
  fates: Map<string, Fate>
  /** By when a session has run out by itself, whatever else happens. */
  expiry: Map<string, number>
  /** Sessions in which support acts as somebody. */
  support: Set<string>
  /** Sessions that stand in for a provider, and by when they have to have been proven there. */
  standIns: Map<string, { dueMs: number | undefined }>
}

type Step =
  | { do: 'sign-in'; browser: number; person: 'same' | 'other' }
  | { do: 'impersonate'; browser: number; minutes: number }
  | { do: 'fail-over'; browser: number; person: 'same' | 'other' }
  | { do: 'provider-back' | 'provider-down' }
  | { do: 'verify' | 'refresh' | 'revoke' | 'sign-out' | 'race'; browser: number }
  | { do: 'outage' | 'return' | 'restart' | 'lose-next-commit' | 'catch-up' }
  | { do: 'wait'; minutes: number }

const BROWSERS = 3
const browser = fc.integer({ min: 0, max: BROWSERS - 1 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('sign-in' as const),
      browser,
      person: fc.constantFrom('same' as const, 'other' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('impersonate' as const), browser, minutes: fc.constantFrom(5, 15, 60) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fail-over' as const),
      browser,
      person: fc.constantFrom('same' as const, 'other' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('provider-back' as const, 'provider-down' as const) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('verify' as const, 'refresh' as const), browser }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('revoke' as const, 'sign-out' as const, 'race' as const), browser }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'outage' as const,
        'return' as const,
        'restart' as const,
        'lose-next-commit' as const,
        'catch-up' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(1, 6, 25, 90, 60 * 7) }),
  },
)

/** Each run is some twenty events on a real database: a few seconds in all. */
const RUNS = 25
const LIFE_MS = 24 * HOUR_MS
const FAIL_OVER_LIFE_MS = 8 * HOUR_MS
const DUE_MS = 15 * 60_000

async function take(world: World, one: Step): Promise<void> {
  const { rig, fault } = world
  if (one.do === 'outage') fault.state.isAway = true
  if (one.do === 'return') fault.state.isAway = false
  if (one.do === 'restart') await rig.restart()
  if (one.do === 'lose-next-commit') fault.state.losesNextCommit = true
  if (one.do === 'catch-up') await attempt(() => rig.sessions.catchUp())
  if (one.do === 'provider-back') await putDeadline(world, rig.clock.now().getTime() + DUE_MS)
  if (one.do === 'provider-down') await putDeadline(world, null)
  if (one.do === 'wait') rig.clock.advance(one.minutes * 60_000)
  if (!('browser' in one)) return
  const who = world.browsers[one.browser]!
  if (one.do === 'sign-in') await signIn(world, who, one.person, false)
  if (one.do === 'fail-over') await signIn(world, who, one.person, true)
  if (one.do === 'impersonate') await impersonate(world, who, one.minutes)
  if (one.do === 'verify' || one.do === 'refresh') await look(world, who, one.do)
  if (one.do === 'revoke') await revoke(world, who)
  if (one.do === 'sign-out') await signOut(world, who)
  if (one.do === 'race') await Promise.all([look(world, who, 'race'), revoke(world, who), look(world, who, 'race')])
}

/** True: done. False: certainly not done. Undefined: nobody knows. */
async function attempt(work: () => Promise<unknown>): Promise<boolean | undefined> {
  try {
    await work()
    return true
  } catch (error) {
    assert.ok(error instanceof DatabaseOutage, String(error))
    return error.outcome === 'unknown' ? undefined : false
  }
}

async function signIn(world: World, who: Browser, whom: 'same' | 'other', isFailOver: boolean): Promise<void> {
  if (whom === 'other') who.user = person()
  const before = who.sessionId
  const known = await world.rig.sessions.verify(callWith(who.jar))
  const replaces =
    known.verdict === 'valid' && (known.session.user.id !== who.user.id || known.session.impersonator !== null)
  const done = await attempt(async () => {
    const provider = isFailOver ? { standsInFor: 'prv_down', lifeMs: FAIL_OVER_LIFE_MS } : { provenBy: 'prv_down' }
    const { session, cookies } = await world.rig.sessions.issue(callWith(who.jar), {
      user: who.user,
      ...otp,
      ...provider,
    })
    who.jar = keep(who.jar, cookies)
    who.sessionId = session.id
    assert.ok(!world.support.has(session.id), 'a person signed in to the session of support')
    const expiresMs = Date.parse(session.expires_at!)
    const lifeMs = isFailOver ? FAIL_OVER_LIFE_MS : LIFE_MS
    assert.ok(expiresMs <= world.rig.clock.now().getTime() + lifeMs, 'lives too long')
    world.expiry.set(session.id, expiresMs)
    world.standIns.delete(session.id)
    if (isFailOver) world.standIns.set(session.id, { dueMs: undefined })
    if (world.fates.get(session.id) !== 'doubtful') world.fates.set(session.id, 'live')
  })
  // Whether it is another session now, or the same as another kind, nobody knows.
  if (before && done === undefined) {
    world.standIns.delete(before)
    doubt(world, before)
  }
  if (before && replaces) {
    if (done) world.fates.set(before, 'ended')
    if (done === undefined) doubt(world, before)
  }
}

/** The provider is back, or down again (null). */
async function putDeadline(world: World, atMs: number | null): Promise<void> {
  const nowMs = world.rig.clock.now().getTime()
  const at = atMs === null ? null : new Date(atMs)
  const done = await attempt(() => world.rig.sessions.failOver.putDeadline({ standsInFor: 'prv_down', at }))
  if (done === false) return
  for (const [id, standIn] of world.standIns) {
    const isMeant = atMs === null ? standIn.dueMs !== undefined && standIn.dueMs > nowMs : standIn.dueMs === undefined
    if (!isMeant) continue
    if (done) standIn.dueMs = atMs ?? undefined
    else {
      world.standIns.delete(id)
      doubt(world, id)
    }
  }
}

/** Support acts as the person of this browser: in a session of its own, whoever sat there before. */
async function impersonate(world: World, who: Browser, minutes: number): Promise<void> {
  const before = who.sessionId
  const known = await world.rig.sessions.verify(callWith(who.jar))
  const done = await attempt(async () => {
    const { session, cookies } = await world.rig.sessions.issue(callWith(who.jar), {
      user: who.user,
      ...otp,
      impersonator: { id: 'usr_support', name: 'Sam' },
      lifeMs: minutes * 60_000,
    })
    assert.notEqual(session.id, before, 'support took over a session')
    who.jar = keep(who.jar, cookies)
    who.sessionId = session.id
    world.support.add(session.id)
    world.expiry.set(session.id, world.rig.clock.now().getTime() + minutes * 60_000)
    world.fates.set(session.id, 'live')
  })
  if (before && known.verdict === 'valid') {
    if (done) world.fates.set(before, 'ended')
    if (done === undefined) doubt(world, before)
  }
}

async function revoke(world: World, who: Browser): Promise<void> {
  const id = who.sessionId
  if (!id) return
  const done = await attempt(() => world.rig.sessions.end({ sessionId: id, reason: 'revoked', by: 'usr_admin' }))
  if (done) world.fates.set(id, 'ended')
  if (done === undefined) doubt(world, id)
}

async function signOut(world: World, who: Browser): Promise<void> {
  const id = who.sessionId
  const before = await world.rig.sessions.verify(callWith(who.jar))
  const { cookies } = await world.rig.sessions.signOut(callWith(who.jar))
  if (id && before.verdict === 'valid') world.fates.set(id, 'ended')
  // By a handle that could not be looked up: what is refused is the handle, and its session a little later.
  if (id && before.verdict === 'unknown') doubt(world, id)
  // The thief's copy: the jar is kept, to see that it is worth nothing.
  assert.deepEqual(keep(who.jar, cookies), {})
}

function doubt(world: World, id: string): void {
  if (world.fates.get(id) === 'live') world.fates.set(id, 'doubtful')
}

async function look(world: World, who: Browser, how: 'verify' | 'refresh' | 'race'): Promise<void> {
  const { sessions, clock } = world.rig
  const answer =
    how === 'refresh'
      ? await sessions.refresh(callWith(who.jar)).then((refreshed) => {
          who.jar = keep(who.jar, refreshed.cookies)
          return refreshed.answer
        })
      : await sessions.verify(callWith(who.jar))
  if (!who.sessionId || how === 'race') return
  const fate = world.fates.get(who.sessionId)
  const nowMs = clock.now().getTime()
  const dueMs = world.standIns.get(who.sessionId)?.dueMs ?? Number.POSITIVE_INFINITY
  const isPastDue = nowMs >= dueMs
  const hasRunOut = isPastDue || nowMs >= world.expiry.get(who.sessionId)!
  if (isPastDue) assert.notEqual(answer.verdict, 'valid', 'outlived the deadline of fail-over')
  if (fate === 'ended') assert.notEqual(answer.verdict, 'valid', 'resurrected')
  if (answer.verdict === 'valid' && world.support.has(answer.session.id)) {
    assert.equal(answer.session.impersonator?.id, 'usr_support', 'became the person’s own')
    assert.ok(clock.now().getTime() < world.expiry.get(answer.session.id)!, 'support outlived its minutes')
  }
  if (hasRunOut)
    assert.ok(answer.verdict !== 'valid' || answer.source === 'proof' || answer.source === 'grace', 'outlived its life')
  if (fate === 'live' && !hasRunOut) {
    assert.notEqual(answer.verdict, 'invalid', `signed out by nobody: ${JSON.stringify(answer)}`)
  }
}

test('no order of events makes an ended session valid or a live one invalid', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const fault = faulty()
      await using rig = await openRig({ wrap: fault.wrap, lifeMs: LIFE_MS, idleMs: LIFE_MS })
      await rig.sessions.catchUp()
      const browsers = Array.from({ length: BROWSERS }, () => ({ user: person(), jar: {}, sessionId: undefined }))
      const maps = { fates: new Map(), expiry: new Map(), support: new Set<string>(), standIns: new Map() }
      const world: World = { rig, fault, browsers, ...maps }
      for (const one of steps) await take(world, one)
      // Whatever happened: when all is well again, everything that is not ended works, and the rest is refused.
      fault.state.isAway = false
      fault.state.losesNextCommit = false
      await rig.sessions.catchUp()
      for (const who of world.browsers) await look(world, who, 'verify')
    }),
    { numRuns: RUNS },
  )
})
