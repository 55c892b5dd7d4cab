import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ChildProcess } from 'node:child_process'
import { cookieName, cookies } from '../../sdk/contract.ts'
import { monotonicMs } from '../frame/clock.ts'
import { freePorts } from '../frame/loopback.ts'
import { readProcess } from '../frame/processes.ts'
import { childEnvironment, type Stage } from '../frame/stage.ts'
import { poll } from '../frame/wait.ts'
import { cookieHeader, openTarget } from '../load/request.ts'
import { startLoad } from '../load/start-load.ts'
import type { Found, KeptSession, OpenArm, OpenArmOf, Readiness } from './arm.ts'
import { type KnownSession, type KnownSessions, splitSessions } from './door.ts'
import { type Doorway, type Front, isOfApp, seenOf, signIn, ways } from './holdfast-door.ts'
import type { HoldfastSetup } from './holdfast-load.ts'
import { openMailbox } from '../holdfast/mailbox.ts'
import type { Plan } from './plan.ts'

/** Making a cluster takes some seconds, building the console for the first time half a minute. */
const START_DEADLINE_MS = 60_000
/** issue 2 §1 says five. */
const STOP_DEADLINE_MS = 10_000
/** People sign in some at a time before the load begins: the mails need a moment each. */
const SIGN_INS_AT_ONCE = 8
/** All come from one address, and access slows down one address that signs in hundreds of people. */
const ASKED_AGAIN_MAX = 80
const HANDLE = cookieName(cookies.handle, false)

/** Holdfast as anybody starts it: one command, its own PostgreSQL, its demo app. Nothing of its inside is used. */
export const openHoldfastArm: OpenArmOf = async (stage, plan, progress) => {
  progress.step('holdfast: starting it, with a PostgreSQL of its own')
  const installation = await startHoldfast(stage)
  const { child, data, doorway, appOrigin } = installation
  progress.step(`holdfast: signing in ${plan.sessions + plan.endedBefore + plan.endedDuring} people by e-mailed code`)
  const sessions = await signInAll(stage, doorway, plan)
  const setup: HoldfastSetup = {
    plan,
    sessions,
    url: doorway.access.target.origin,
    appOrigin,
    applicationKey: (await readFile(join(data, 'demo', 'key'), 'utf8')).trim(),
    sdkFolder: join(stage.folder, 'sdk'),
    mailFolder: join(data, 'mail'),
  }
  const load = await startLoad(stage, { entry: new URL('holdfast-load.ts', import.meta.url), setup })
  let [connection, probes] = [await readConnection(data), 0]
  const frontOf = (way: string): Front => (isOfApp(way) ? doorway.app : doorway.access)

  return {
    databaseUrl: () => connection,
    postmaster: () => postmasterOf(stage, data),
    async restartDatabase() {
      // The supervisor does it. Only where it is to be found may have changed.
      connection = await readConnection(data)
    },
    sessions,
    load,
    async endSession({ way, cookies: jar }, signal) {
      const { target, prefix } = frontOf(way)
      const headers = { cookie: cookieHeader(jar), origin: target.origin }
      const { status } = await target.send({ method: 'DELETE', path: `${prefix}/v1/session`, headers, signal })
      return status === 204 || status === 202 || null
    },
    async trySignIn(signal) {
      const person = `probe-${probes++}@drill.test`
      const seen = await signIn({ ...doorway, front: doorway.access, person, way: 'direct', triesMax: 1 }, signal)
      return seen.outcome === 'valid'
    },
    async readsDatabase(sinceMs, signal) {
      const session = sessions.live.find((one) => one.way === 'handle')!
      const seen = await askAccess(doorway, session, signal)
      const isNew = seen.source === 'database' || (seen.ageMs !== undefined && seen.ageMs < monotonicMs() - sinceMs)
      return seen.outcome === 'valid' && isNew
    },
    readReadiness: (signal) => readReadiness(doorway, signal),
    findSession: (kept, signal) => findSession(doorway, kept, signal),
    async lastFacts({ unacknowledged }, signal) {
      return {
        detected_by: '/readyz of access; the watch process, which will page, is not part of this yet',
        people_asked_again: Math.min(unacknowledged.length, ASKED_AGAIN_MAX),
        sessions_nobody_was_told_of: await countUntold(doorway, unacknowledged.slice(0, ASKED_AGAIN_MAX), signal),
      }
    },
    async stop() {
      load.stop()
      doorway.access.target[Symbol.dispose]()
      doorway.app.target[Symbol.dispose]()
      return stopHoldfast(stage, child, data)
    },
  } satisfies OpenArm
}

interface Installation {
  child: ChildProcess
  data: string
  doorway: Doorway
  appOrigin: string
}

async function startHoldfast(stage: Stage): Promise<Installation> {
  const [accessPort, demoPort, mailPort] = await freePorts(3)
  const data = join(stage.folder, 'holdfast')
  const url = `http://localhost:${accessPort}`
  const appOrigin = `http://127.0.0.1:${demoPort}`
  const command = fileURLToPath(new URL('../../cli/bin/holdfast.js', import.meta.url))
  const env = childEnvironment({
    HOLDFAST_DATA: data,
    HOLDFAST_URL: url,
    HOLDFAST_ACCESS_PORT: String(accessPort),
    HOLDFAST_DEMO_PORT: String(demoPort),
    HOLDFAST_MAIL_PORT: String(mailPort),
  })
  const child = stage.spawn('holdfast', process.execPath, [command, 'start', '--demo'], { env, detached: true })
  const access: Front = { target: openTarget(url, { connectionsMax: 50 }), prefix: '' }
  const app: Front = { target: openTarget(appOrigin, { connectionsMax: 50 }), prefix: '/auth' }
  const doorway = { access, app, mailbox: openMailbox(join(data, 'mail')) }
  const isUp = await poll(
    async () => {
      if (child.exitCode !== null) throw new Error(`holdfast start ended: ${stage.logTail('holdfast')}`)
      const asked = AbortSignal.timeout(1000)
      const [ready, page] = await Promise.all([
        readReadiness(doorway, asked).then(
          (seen) => seen.isOk,
          () => false,
        ),
        app.target.send({ method: 'GET', path: '/', signal: asked }).then(
          () => true,
          () => false,
        ),
      ])
      return (ready && page) || null
    },
    { deadlineMs: START_DEADLINE_MS, signal: stage.signal, everyMs: 100 },
  )
  if (!isUp) throw new Error(`holdfast start was not ready in time. Its output ends with: ${stage.logTail('holdfast')}`)
  return { child, data, doorway, appOrigin }
}

/** Ctrl-C for the supervisor, and what of it is still there when its time is over. */
async function stopHoldfast(stage: Stage, child: ChildProcess, data: string): Promise<Record<string, unknown>> {
  const beganMs = monotonicMs()
  const left = await stage.stop(child, data, STOP_DEADLINE_MS)
  return {
    stopped_after_s: left.length === 0 ? Math.round((monotonicMs() - beganMs) / 100) / 10 : null,
    left_running: left.length,
  }
}

/** Found by its pid file, and believed only when it is a PostgreSQL that works in this drill's own folder. */
function postmasterOf(stage: Stage, data: string): number {
  const pid = stage.findOwn(join(data, 'postgres', 'cluster', 'postmaster.pid'))
  if (readProcess(pid)?.program !== 'postgres') throw new Error(`Process ${pid} is not the PostgreSQL of this drill.`)
  return pid
}

async function readConnection(data: string): Promise<string> {
  const text = await readFile(join(data, 'postgres', 'connection.json'), 'utf8')
  return (JSON.parse(text) as { databaseUrl: string }).databaseUrl
}

async function signInAll(stage: Stage, doorway: Doorway, plan: Plan): Promise<KnownSessions> {
  const total = plan.sessions + plan.endedBefore + plan.endedDuring
  const subjects = Array.from({ length: total }, (_, subject) => subject)
  const people = await someAtOnce(subjects, async (subject): Promise<KnownSession> => {
    const way = ways[subject % ways.length]!
    const person = `known-${plan.seed}-${subject}@drill.test`
    const front = isOfApp(way) ? doorway.app : doorway.access
    const seen = await signIn({ ...doorway, front, person, way, triesMax: 5 }, stage.signal)
    if (seen.outcome !== 'valid') throw new Error(`Holdfast did not sign ${person} in (${way}): ${seen.note}.`)
    return { subject, ...(seen.keep as KeptSession) }
  })
  return splitSessions(people, plan)
}

/** Signs the same people in again, now that all is well: who then has two sessions had one that nobody told them of. */
async function countUntold(doorway: Doorway, people: string[], signal: AbortSignal): Promise<number | null> {
  const counts = await someAtOnce(people, async (person) => {
    const seen = await signIn({ ...doorway, front: doorway.access, person, way: 'direct', triesMax: 3 }, signal)
    if (seen.outcome !== 'valid') return null
    const { sessionsOfPerson } = await findSession(doorway, seen.keep as KeptSession, signal)
    return sessionsOfPerson === null ? null : sessionsOfPerson - 1
  })
  return counts.includes(null) ? null : counts.reduce((sum: number, count) => sum + count!, 0)
}

async function someAtOnce<Item, Result>(items: Item[], act: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const work = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await act(items[at]!)
  }
  await Promise.all(Array.from({ length: SIGN_INS_AT_ONCE }, work))
  return results
}

async function readReadiness({ access }: Doorway, signal: AbortSignal): Promise<Readiness> {
  const reply = await access.target.send({ method: 'GET', path: '/readyz', signal })
  const { status, dependencies } = JSON.parse(reply.body) as {
    status: string
    dependencies: { name: string; state: string }[]
  }
  return {
    isOk: status === 'ok',
    isNamed: dependencies.some(({ name, state }) => name === 'database' && state !== 'ok'),
  }
}

/** By the handle alone, so that no proof speaks for it. */
async function askAccess({ access }: Doorway, { cookies: jar }: KeptSession, signal: AbortSignal) {
  const cookie = cookieHeader({ [HANDLE]: jar[HANDLE]! })
  return seenOf(await access.target.send({ method: 'GET', path: '/v1/session', headers: { cookie }, signal }))
}

/** The list is read from the database each time, so it says both: that the session is there, and how many there are. */
async function findSession(doorway: Doorway, kept: KeptSession, signal: AbortSignal): Promise<Found> {
  const seen = await askAccess(doorway, kept, signal)
  if (seen.outcome === 'invalid') return { isThere: false, sessionsOfPerson: null }
  const { target, prefix } = isOfApp(kept.way) ? doorway.app : doorway.access
  const headers = { cookie: cookieHeader(kept.cookies) }
  const reply = await target.send({ method: 'GET', path: `${prefix}/v1/sessions?state=live`, headers, signal })
  if (reply.status !== 200) return { isThere: null, sessionsOfPerson: null }
  const { data } = JSON.parse(reply.body) as { data: { is_current: boolean }[] }
  return { isThere: data.some((session) => session.is_current), sessionsOfPerson: data.length }
}
