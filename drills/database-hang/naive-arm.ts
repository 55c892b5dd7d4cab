import pg from 'pg'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../frame/loopback.ts'
import { childEnvironment } from '../frame/stage.ts'
import type { Seen } from '../load/generator.ts'
import { cookieHeader, openTarget, type Target } from '../load/request.ts'
import { startLoad } from '../load/start-load.ts'
import { waitForApp } from '../load/wait-for-app.ts'
import { startPostgres } from '../postgres/start-postgres.ts'
import type { KeptSession, LastFacts, OpenArm, OpenArmOf } from './arm.ts'
import { type KnownSession, type KnownSessions, splitSessions } from './door.ts'
import { naiveDoor, signInOnce } from './naive-door.ts'
import type { NaiveSetup } from './naive-load.ts'
import type { Plan } from './plan.ts'

const STEP_DEADLINE_MS = 5000

export const openNaiveArm: OpenArmOf = async (stage, plan, progress) => {
  progress.step('naive: making a PostgreSQL and an Express app')
  const postgres = await startPostgres(stage)
  const [port] = await freePorts(1)
  const origin = `http://127.0.0.1:${port}`
  const app = stage.spawn('naive-app', process.execPath, [fileURLToPath(new URL('naive-app.ts', import.meta.url))], {
    env: childEnvironment({ NAIVE_DATABASE_URL: postgres.url, NAIVE_PORT: String(port), NODE_ENV: 'production' }),
  })
  const target = openTarget(origin, { connectionsMax: 50 })
  await waitForApp(stage, target)
  progress.step(`naive: signing in ${plan.sessions + plan.endedBefore + plan.endedDuring} people`)
  const sessions = await signInAll(target, plan)
  const setup: NaiveSetup = { plan, sessions, origin }
  const load = await startLoad(stage, { entry: new URL('naive-load.ts', import.meta.url), setup })
  const door = naiveDoor(target)

  return {
    databaseUrl: () => postgres.url,
    postmaster: postgres.postmaster,
    restartDatabase: postgres.start,
    sessions,
    load,
    async endSession(session, signal) {
      const headers = { cookie: cookieHeader(session.cookies) }
      return (await target.send({ method: 'POST', path: '/sign-out', headers, signal })).status === 204 || null
    },
    trySignIn: async (signal) => (await signInOnce(target, 'probe@drill.test', signal)).outcome === 'valid',
    readsDatabase: async (_sinceMs, signal) => (await door.check(sessions.live[0]!, signal)).outcome === 'valid',
    async readReadiness(signal) {
      const reply = await target.send({ method: 'GET', path: '/healthz', signal })
      return { isOk: reply.status === 200, isNamed: /database|postgres/i.test(reply.body) }
    },
    async findSession(kept, signal) {
      const { outcome } = await door.check({ ...kept, subject: -1 }, signal)
      const isThere = outcome === 'valid' ? true : outcome === 'invalid' ? false : null
      return { isThere, sessionsOfPerson: isThere ? await countSessions(postgres.url, kept.person) : null }
    },
    lastFacts: ({ unacknowledged }) => lateCommits(postgres.url, unacknowledged),
    async stop() {
      load.stop()
      target[Symbol.dispose]()
      await stage.stop(app, stage.folder, STEP_DEADLINE_MS)
      return {}
    },
  } satisfies OpenArm
}

async function signInAll(target: Target, plan: Plan): Promise<KnownSessions> {
  const people: KnownSession[] = []
  for (let subject = 0; subject < plan.sessions + plan.endedBefore + plan.endedDuring; subject++) {
    const person = `known-${plan.seed}-${subject}@drill.test`
    const seen: Seen = await signInOnce(target, person, AbortSignal.timeout(STEP_DEADLINE_MS))
    if (seen.outcome !== 'valid') throw new Error(`The naive app did not sign ${person} in: ${seen.note}.`)
    people.push({ subject, ...(seen.keep as KeptSession) })
  }
  return splitSessions(people, plan)
}

async function withDatabase<T>(url: string, ask: (client: pg.Client) => Promise<T>): Promise<T | null> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: STEP_DEADLINE_MS,
    query_timeout: STEP_DEADLINE_MS,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return await ask(client)
  } catch {
    // Not measured: the card then says null, which is the truth.
    return null
  } finally {
    await client.end().catch(() => {})
  }
}

function countSessions(url: string, person: string): Promise<number | null> {
  return withDatabase(url, async (client) => {
    const text = `select count(*)::int as total from session where sess->'user'->>'email' = $1 limit 1`
    return (await client.query<{ total: number }>(text, [person])).rows[0]!.total
  })
}

/** Sessions of people who were never told that they are signed in: their inserts waited for the thaw, and were done. */
async function lateCommits(url: string, unacknowledged: string[]): Promise<LastFacts> {
  const total = await withDatabase(url, async (client) => {
    const text = `select count(*)::int as total from session where sess->'user'->>'email' = any($1) limit 1`
    return (await client.query<{ total: number }>(text, [unacknowledged])).rows[0]!.total
  })
  return { sessions_nobody_was_told_of: total }
}
