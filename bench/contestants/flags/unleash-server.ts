import { join } from 'node:path'
import { freePorts } from '../../../drills/frame/loopback.ts'
import { childEnvironment } from '../../../drills/frame/stage.ts'
import { poll } from '../../../drills/frame/wait.ts'
import type { Contestant } from '../../contestant.ts'
import { BULK_FLAGS, COUNTRIES, isTargeted, keysOf, PERCENT, people, PLAN } from '../../flags/same-rule.ts'
import { makeDatabase } from '../../peers/peer.ts'

/** Its own migrations, some hundreds, run at the first start. */
const START_DEADLINE_MS = 120_000
const STEP_DEADLINE_MS = 10_000
/** It asks for the features of all tokens once in ten seconds. */
const SEEN_DEADLINE_MS = 30_000
const ADMIN = '*:*.bench-0f8fad5bd9cb469fa165'
const FRONTEND = '*:development.bench-70867728950e7c9e6679'
/** More than anybody asks in a minute here; by default 20,000, after which it answers 429. */
const RATE = '100000000'

export const unleashServer: Contestant = {
  name: 'unleash-server',
  measure: '50 flags asked',
  about:
    'POST /api/frontend of unleash-server from the folder of --unleash, its rate limits raised; it names those that are on',
  ratioTo: 'bare-fastify-bulk',
  needs: 'unleash',
  async start({ stage, postgres, unleashFolder }) {
    const [port] = (await freePorts(1)) as [number]
    const url = `http://127.0.0.1:${port}`
    const database = new URL(await makeDatabase(postgres.url, 'unleash'))
    const program = join(unleashFolder!, 'node_modules/unleash-server/dist/server.js')
    const child = stage.spawn('unleash-server', process.execPath, [program], {
      env: childEnvironment({
        NODE_ENV: 'production',
        HTTP_HOST: '127.0.0.1',
        HTTP_PORT: String(port),
        DATABASE_HOST: database.hostname,
        DATABASE_PORT: database.port,
        DATABASE_NAME: database.pathname.slice(1),
        DATABASE_USERNAME: database.username,
        DATABASE_PASSWORD: decodeURIComponent(database.password),
        DATABASE_SSL: 'false',
        INIT_ADMIN_API_TOKENS: ADMIN,
        INIT_FRONTEND_API_TOKENS: FRONTEND,
        CHECK_VERSION: 'false',
        SEND_TELEMETRY: 'false',
        LOG_LEVEL: 'error',
        SDK_API_RATE_LIMIT_PER_MINUTE: RATE,
        TOKEN_AUTHENTICATION_RATE_LIMIT_PER_MINUTE: RATE,
      }),
      detached: true,
    })
    const isUp = await poll(
      async () => {
        if (child.exitCode !== null) throw new Error(`unleash-server ended: ${stage.logTail('unleash-server')}`)
        const answer = await fetch(`${url}/health`).catch(() => null)
        await answer?.arrayBuffer()
        return answer?.ok || null
      },
      { deadlineMs: START_DEADLINE_MS, signal: stage.signal, everyMs: 200 },
    )
    if (!isUp) throw new Error(`unleash-server did not start: ${stage.logTail('unleash-server')}`)
    for (const key of keysOf(BULK_FLAGS)) await makeFeature(url, key)
    const targeted = people.filter(isTargeted)
    const bodies = targeted.map(({ targetingKey, plan, country }) => ({
      context: { userId: targetingKey, properties: { plan, country } },
    }))
    await untilSeen(url, bodies[0]!, stage.signal)
    // Each answer names about half of them: those that are off are left out.
    const credentials = bodies.map(() => `authorization: ${FRONTEND}`)
    return {
      ask: {
        kind: 'request',
        url,
        path: '/api/frontend',
        credentials,
        bodies,
        expect: '"toggles"',
        mostly: '"enabled":true',
      },
      roots: () => [child.pid!],
    }
  },
}

async function makeFeature(url: string, name: string): Promise<void> {
  const features = '/api/admin/projects/default/features'
  await tell(url, features, { name, type: 'release', impressionData: false })
  const environment = `${features}/${name}/environments/development`
  await tell(url, `${environment}/strategies`, {
    name: 'flexibleRollout',
    parameters: { rollout: String(PERCENT), stickiness: 'userId', groupId: name },
    constraints: [
      { contextName: 'plan', operator: 'IN', values: [PLAN] },
      { contextName: 'country', operator: 'IN', values: COUNTRIES },
    ],
  })
  await tell(url, `${environment}/on`, {})
}

async function tell(url: string, path: string, body: unknown): Promise<void> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: ADMIN, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(STEP_DEADLINE_MS),
  })
  if (!answer.ok) throw new Error(`unleash-server answered ${path} with ${answer.status}: ${await answer.text()}`)
  await answer.arrayBuffer()
}

/** Until all flags are in its memory, somebody has not been told of all of them. */
async function untilSeen(url: string, body: unknown, signal: AbortSignal): Promise<void> {
  let last = ''
  const isSeen = await poll(
    async () => {
      const answer = await fetch(`${url}/api/frontend`, {
        method: 'POST',
        headers: { authorization: FRONTEND, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(STEP_DEADLINE_MS),
      })
      last = `${answer.status} ${await answer.text()}`
      const count = last.split('"enabled":true').length - 1
      return (answer.ok && count > BULK_FLAGS / 4) || null
    },
    { deadlineMs: SEEN_DEADLINE_MS, signal, everyMs: 500 },
  )
  if (!isSeen) throw new Error(`unleash-server does not answer with its flags: ${last.slice(0, 300)}`)
}
