import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { keysEmpty } from '../../../../doubles/oidc/index.ts'
import { sql } from '../../../platform/database/index.ts'
import { openProviders } from '../index.ts'
import { openProviderRig, type ProviderRig, somebody, testOptions } from '../testing.ts'

const fetching = (of: Pick<ProviderRig, 'providers'>) =>
  of.providers.jobs.find(({ name }) => name === 'fetch documents of providers')!.run()

/** Opened over a folder alone, as in an outage of the database. */
async function openFrom(rig: ProviderRig) {
  return openProviders(
    testOptions({
      database: rig.database,
      folder: rig.folder,
      authorities: [rig.authority.cert],
      clock: rig.clock,
      processId: 'later',
    }),
  )
}

test('a start in an outage knows providers, documents and keys from its disk, and signs in by them', async () => {
  await using rig = await openProviderRig({ domains: ['acme.test'] })
  await using later = await openFrom(rig)
  assert.equal(later.ofDomain('acme.test')?.id, rig.provider.id)
  await rig.behave({ answers: { keys: { status: 503, body: 'down' }, discovery: { status: 503, body: 'down' } } })
  const { url, ...departure } = await later.depart(rig.provider, {})
  const callbackUrl = await rig.walk(url, 'ana')
  const exchanged = await later.exchange(rig.provider, { callbackUrl, departure, ...somebody() })
  assert.equal(exchanged.outcome, 'proved')
})

test('damaged files stop no start: what they held is read and fetched anew', async () => {
  await using rig = await openProviderRig()
  for (const name of ['providers.json', 'provider-documents.json']) writeFileSync(join(rig.folder, name), '{"half')
  await using later = await openFrom(rig)
  assert.deepEqual(later.offered(), [])
  await later.reload()
  assert.equal(later.find(rig.provider.id)?.issuer, rig.oidc.issuer)
  assert.match(readFileSync(join(rig.folder, 'provider-documents.json'), 'utf8'), /jwks_uri/)
})

test('a start waits for no provider, and of one that was never reached it is said so', async () => {
  await using rig = await openProviderRig()
  await rig.behave({ answers: { discovery: { status: 503, body: 'down' } } })
  await rig.db.run(sql`update providers.provider set issuer = ${`${rig.oidc.issuer}/other`}`)
  const other = await rig.beside()
  const known = other.find(rig.provider.id)!
  await assert.rejects(other.depart(known, {}), { code: 'providers.not_known_yet', status: 503 })
})

test('what one process fetches all have within their next reading, withdrawn keys included', async () => {
  await using rig = await openProviderRig()
  const other = await rig.beside()
  await rig.oidc.order({ do: 'rotate-keys', overlap: false })
  rig.clock.advance(6 * 60_000)
  await fetching(rig)
  await other.reload()
  // The other one has never asked; now nobody can.
  await rig.behave({ answers: { keys: { status: 503, body: 'down' } } })
  const { url, ...departure } = await other.depart(rig.provider, {})
  const callbackUrl = await rig.walk(url, 'ana')
  const exchanged = await other.exchange(rig.provider, { callbackUrl, departure, ...somebody() })
  assert.equal(exchanged.outcome, 'proved')
  const rows = await rig.db.many<{ is_gone: boolean }>(
    sql`select withdrawn_at is not null as is_gone from providers.key order by first_seen_at`,
  )
  assert.deepEqual(rows, [{ is_gone: true }, { is_gone: false }])
  const told = await rig.db.many<{ subject: string }>(
    sql`select subject from signals.signal where kind = 'provider.key_withdrawn'`,
  )
  assert.deepEqual(told, [{ subject: rig.provider.id }])
})

test('an older set that arrives late takes nothing back, and an empty one takes nothing away', async () => {
  await using rig = await openProviderRig()
  const before = await keysHeld(rig)
  await rig.behave({ answers: { keys: keysEmpty } })
  rig.clock.advance(6 * 60_000)
  await fetching(rig)
  assert.deepEqual(await keysHeld(rig), before)
  const other = await rig.beside()
  await rig.behave({ answers: {} })
  await rig.oidc.order({ do: 'rotate-keys', overlap: false })
  await fetching(rig)
  rig.clock.advance(60_000)
  await fetching(rig)
  const after = await keysHeld(rig)
  assert.notDeepEqual(after, before)
  await other.reload()
  await other.jobs.find(({ name }) => name === 'fetch documents of providers')!.run()
  assert.deepEqual(await keysHeld(rig), after)
})

test('with another issuer nothing of the old one holds', async () => {
  await using rig = await openProviderRig()
  await rig.db.run(sql`update providers.provider set issuer = 'https://id.acme.example', version = 2`)
  await rig.providers.reload()
  const changed = rig.providers.find(rig.provider.id)!
  await assert.rejects(rig.providers.depart(changed, {}), { code: 'providers.not_known_yet' })
})

test('documents that say nothing new are written once a minute, however often they are fetched', async () => {
  await using rig = await openProviderRig()
  const kept = () => rig.db.one<{ at: Date }>(sql`select fetched_at as at from providers.document where kind = 'keys'`)
  const before = await kept()
  rig.clock.advance(30_000)
  await rig.oidc.order({ do: 'tell' })
  await rig.signIn()
  await fetching(rig)
  assert.deepEqual(await kept(), before)
  rig.clock.advance(6 * 60_000)
  await fetching(rig)
  assert.ok((await kept()).at > before.at)
})

async function keysHeld(rig: ProviderRig): Promise<(string | null)[]> {
  const rows = await rig.db.many<{ kid: string | null }>(
    sql`select kid from providers.key where withdrawn_at is null order by kid`,
  )
  return rows.map(({ kid }) => kid)
}
