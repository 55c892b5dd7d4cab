import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settingsFor, startProcess } from './access/testing.ts'
import { startRedis } from './platform/cache/testing.ts'
import { eventually } from './platform/database/testing.ts'
import { freePort } from './platform/postgres-server/index.ts'
import { createTestDatabase, makeTestFolder, removeTestFolder } from './platform/testing/index.ts'

interface Ready {
  status: string
  dependencies: { name: string; state: string; age_ms: number | null; detail: string }[]
}

/** A whole access process beside this Redis, and what it says of itself. */
async function withAccess(valkeyUrl: string, look: (url: string, said: () => string) => Promise<void>): Promise<void> {
  const folder = await makeTestFolder()
  await using database = await createTestDatabase()
  const port = await freePort()
  const settings = { HOLDFAST_ACCESS_PORT: String(port), HOLDFAST_VALKEY_URL: valkeyUrl }
  const access = startProcess(['access'], { ...settingsFor(database, folder), ...settings })
  try {
    await access.untilSaid(/access is open/)
    await look(`http://127.0.0.1:${port}`, access.said)
  } finally {
    await access.stop()
    removeTestFolder(folder)
  }
}

const ready = async (url: string) => (await (await fetch(`${url}/readyz`)).json()) as Ready
const cacheIn = ({ dependencies }: Ready) => dependencies.find(({ name }) => name === 'cache')!
/** Everything but the cache, as of which the installation is ready or not. */
const restIn = ({ dependencies }: Ready) =>
  dependencies.filter(({ name }) => name !== 'cache').map(({ state }) => state)

test('access says how its cache is, with age and figures, and a cache that is away makes nothing unready', async () => {
  await using redis = await startRedis()
  await withAccess(redis.url, async (url) => {
    const seen = await eventually(async () => {
      const now = await ready(url)
      return cacheIn(now).state === 'ok' ? now : undefined
    })
    assert.notEqual(cacheIn(seen).age_ms, null)
    const figures = await (await fetch(`${url}/metrics`)).text()
    assert.match(figures, /^holdfast_cache_away 0$/m)
    assert.match(figures, /^holdfast_cache_wipes_total 0$/m)
    assert.match(figures, /^holdfast_shared_sessions_found_total 0$/m)
    await redis.kill()
    const away = await eventually(async () => {
      const now = await ready(url)
      return cacheIn(now).state === 'unknown' ? now : undefined
    })
    assert.match(cacheIn(away).detail, /nobody is signed out/)
    if (restIn(away).every((state) => state === 'ok')) assert.equal(away.status, 'ok')
  })
})

test('a cache that bears another environment’s stamp is not used, and /readyz and the log name both', async () => {
  await using redis = await startRedis()
  await redis.command('set', 'holdfast:stamp', '{"environment":"demo","installation_id":"ins_1"}')
  await withAccess(redis.url, async (url, said) => {
    const seen = await eventually(async () => {
      const now = cacheIn(await ready(url))
      return now.state === 'failing' ? now : undefined
    })
    assert.match(seen.detail, /"demo".*and this is "/)
    await eventually(() => /the cache is not used/.test(said()) || undefined)
    assert.equal(await redis.command('dbsize'), '1')
  })
})
