import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../frame/loopback.ts'
import { childEnvironment } from '../frame/stage.ts'
import { openTarget } from '../load/request.ts'
import { startLoad } from '../load/start-load.ts'
import { waitForApp } from '../load/wait-for-app.ts'
import type { OpenArm, OpenArmOf } from './arm.ts'
import { customers } from './customers.ts'
import type { Comer, KnownSession } from './door.ts'
import { naiveDoor } from './naive-door.ts'
import type { NaiveSetup } from './naive-load.ts'
import { askingTable } from './names-table.ts'

const STEP_DEADLINE_MS = 10_000
/** Time is scaled for this one: its keys are forgotten after 1.5 s instead of ten minutes, for a fault lasts no hour here. */
const CACHE_MAX_AGE_MS = 1500

export const openNaiveArm: OpenArmOf = async ({ stage, plan, outside, members, progress }) => {
  progress.step('naive: starting an Express app with openid-client')
  const [port] = await freePorts(1)
  const origin = `http://127.0.0.1:${port}`
  const tenants: Record<string, unknown> = {}
  for (const { key, fault } of customers) {
    const [clientId, clientSecret] = [`naive-${key}`, randomUUID()]
    const client = { client_id: clientId, client_secret: clientSecret, redirect_uris: [`${origin}/callback`] }
    await outside.order(key, { do: 'add-client', client })
    tenants[key] = { issuer: outside.issuers[key]!, clientId, clientSecret }
    if (fault === 'keys_outlived') Object.assign(tenants[key] as object, { cacheMaxAge: CACHE_MAX_AGE_MS })
  }
  stage.spawn('naive-app', process.execPath, [fileURLToPath(new URL('naive-app.ts', import.meta.url))], {
    env: childEnvironment({
      ...askingTable(outside.names.path),
      NODE_EXTRA_CA_CERTS: outside.authorityFile,
      NAIVE_TENANTS: JSON.stringify(tenants),
      NAIVE_ORIGIN: origin,
      NAIVE_PORT: String(port),
      NODE_ENV: 'production',
    }),
  })
  using target = openTarget(origin, { connectionsMax: 5 })
  await waitForApp(stage, target)

  progress.step('naive: signing people in')
  const way = { origin, authority: outside.authority, names: outside.names.path }
  const door = naiveDoor(way)
  const comers: Comer[] = []
  const live: KnownSession[] = []
  for (const member of members) {
    if (member.role === 'refused') continue
    const comer: Comer = { member, account: member.sub, means: null }
    const seen = await door.signIn(comer, AbortSignal.any([stage.signal, AbortSignal.timeout(STEP_DEADLINE_MS)]))
    if (seen.outcome !== 'valid') throw new Error(`The naive app did not sign ${member.email} in: ${seen.note}.`)
    const { cookies } = seen.keep as { cookies: Record<string, string> }
    if (member.role === 'comes') comers.push(comer)
    else live.push({ member, account: member.sub, cookies, way: 'cookie' })
  }
  const setup: NaiveSetup = { plan, live, comers, refused: [], ...way }
  const load = await startLoad(stage, { entry: new URL('naive-load.ts', import.meta.url), setup })
  return {
    load,
    // It notices nothing by itself: people call.
    readVerdicts: null,
    // Its keys are older than its cache is told to keep them, as soon as the fault begins.
    async outliveKeys() {},
    async readAccounts() {
      return null
    },
    async stop() {
      load.stop()
      return {}
    },
  } satisfies OpenArm
}
