import { fileURLToPath } from 'node:url'
import { freePorts } from '../frame/loopback.ts'
import { childEnvironment } from '../frame/stage.ts'
import { cookieHeader, openTarget } from '../load/request.ts'
import { startLoad } from '../load/start-load.ts'
import { waitForApp } from '../load/wait-for-app.ts'
import type { OpenArm, OpenArmOf } from './arm.ts'
import type { KnownSession } from './door.ts'
import { naiveDoor } from './naive-door.ts'
import type { NaiveSetup } from './naive-load.ts'
import { peopleOf } from './plan.ts'

const STEP_DEADLINE_MS = 5000

export const openNaiveArm: OpenArmOf = async ({ stage, plan, redis, progress }) => {
  progress.step('naive: starting an Express app with its sessions in Redis')
  const [port] = await freePorts(1)
  const origin = `http://127.0.0.1:${port}`
  const app = stage.spawn('naive-app', process.execPath, [fileURLToPath(new URL('naive-app.ts', import.meta.url))], {
    env: childEnvironment({ NAIVE_REDIS_URL: redis.url, NAIVE_PORT: String(port), NODE_ENV: 'production' }),
    hasChannel: true,
  })
  const target = openTarget(origin, { connectionsMax: 50 })
  await waitForApp(stage, target)
  const door = naiveDoor(target)
  const people: KnownSession[] = []
  for (const { subject, person } of peopleOf(plan)) {
    const seen = await door.signIn(person, AbortSignal.timeout(STEP_DEADLINE_MS))
    if (seen.outcome !== 'valid') throw new Error(`The naive app did not sign ${person} in: ${seen.note}.`)
    people.push({ subject, person, cookies: seen.keep as Record<string, string> })
  }
  const [live, toEnd] = [people.slice(0, plan.sessions), people.slice(plan.sessions)]
  const setup: NaiveSetup = { plan, live, toEnd, origin }
  const load = await startLoad(stage, { entry: new URL('naive-load.ts', import.meta.url), setup })
  return {
    live,
    toEnd,
    load,
    async endSession({ cookies }, signal) {
      const headers = { cookie: cookieHeader(cookies) }
      return (await target.send({ method: 'POST', path: '/sign-out', headers, signal })).status === 204 || null
    },
    async setLife(seconds) {
      app.send({ lifeMs: seconds * 1000 })
    },
    async readReadiness(signal) {
      const reply = await target.send({ method: 'GET', path: '/healthz', signal })
      return { isOk: reply.status === 200, isNamed: /redis|cache/i.test(reply.body) }
    },
    async stop() {
      load.stop()
      target[Symbol.dispose]()
      await stage.stop(app, stage.folder, STEP_DEADLINE_MS)
      return {}
    },
  } satisfies OpenArm
}
