import type { Queries } from '../../../platform/database/index.ts'
import { empty, json, on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import { once } from '../../../platform/idempotency.ts'
import { byCaller } from '../../../ground/audit/index.ts'
import type { Parts } from '../parts.ts'
import { presets, type Provider } from '../provider.ts'
import * as queries from '../queries.ts'
import { refuse } from '../refusals.ts'
import { addProvider, type Caller } from '../settings/add-provider.ts'
import { changeProvider } from '../settings/change-provider.ts'
import { AddProvider, ChangeProvider } from '../settings/input.ts'
import { presetForms } from '../settings/presets.ts'
import { deleteProvider, disableProvider, enableProvider } from '../settings/switch-provider.ts'
import { testChange } from '../settings/test-change.ts'
import { testProvider } from '../settings/test-provider.ts'
import { toProvider } from '../settings/told.ts'

import { keyRoutes } from './key-routes.ts'
import { FRESH_WITHIN_MS, learn, type Managing } from './managing.ts'
import { Id, ListProviders, PresetList, ProviderList, ProviderRead, ProviderShape, shown, TestShape } from './shapes.ts'

const tag = 'providers'
const LIST_DEFAULT = 50

/** The HTTP face of providers, as a table. */
export function providerRoutes(parts: Parts, managing: Managing): Route[] {
  return [
    ...reading(parts, managing),
    ...changing(parts, managing),
    ...switching(parts, managing),
    ...keyRoutes(parts, managing),
  ]
}

function reading(parts: Parts, { staff, verdictOf, cutOff }: Managing): Route[] {
  const read = { tag, guard: staff('providers:read') }
  return [
    on(
      'GET /v1/providers',
      { ...read, summary: 'Identity providers, newest first', query: ListProviders, answers: { 200: ProviderList } },
      async ({ query: { limit = LIST_DEFAULT, cursor } }) => {
        const rows = await queries.listProviders(parts.db, readCursor(cursor), limit + 1)
        const page = rows.slice(0, limit)
        const next = rows.length > limit ? Buffer.from(page.at(-1)!.id).toString('base64url') : null
        const domains = await queries.domainsOf(
          parts.db,
          page.map(({ id }) => id),
        )
        const data = page.map((row) => {
          const own = domains.filter(({ provider_id }) => provider_id === row.id).map(({ domain }) => domain)
          return shown(parts, toProvider(row, own), row.client_secret_sealed !== null, verdictOf(row.id))
        })
        return json(200, { data, next_cursor: next })
      },
    ),
    on(
      'GET /v1/providers/{id}',
      { ...read, summary: 'One identity provider', params: Id, answers: { 200: ProviderRead, 404: ProblemShape } },
      async ({ params }) => {
        const { provider, hasSecret } = await found(parts.db, params.id)
        return json(200, { ...shown(parts, provider, hasSecret, verdictOf(provider.id)), cut_off: cutOff() })
      },
    ),
    on(
      'GET /v1/provider-presets',
      { ...read, summary: 'What a form asks for each kind of provider', answers: { 200: PresetList } },
      async () =>
        json(200, {
          data: presets.map((preset) => ({ preset, ...presetForms[preset] })),
        }),
    ),
  ]
}

function changing(parts: Parts, managing: Managing): Route[] {
  const guard = managing.staff('providers:write', { freshWithinMs: FRESH_WITHIN_MS })
  const write = { tag, guard, isIdempotent: true } as const
  const { verdictOf } = managing
  return [
    on(
      'POST /v1/providers',
      {
        ...write,
        summary: 'Set up an identity provider',
        description: 'It is disabled until it was tested and enabled.',
        body: AddProvider,
        answers: { 201: ProviderShape, 400: ProblemShape, 409: ProblemShape },
      },
      async (call) => {
        const answer = await once(parts, call, async (db) => {
          const provider = await addProvider(parts, db, call, call.body)
          return json(201, shown(parts, provider, Boolean(call.body.client_secret), undefined))
        })
        await learn(parts, managing)
        return answer
      },
    ),
    on(
      'PATCH /v1/providers/{id}',
      {
        ...write,
        summary: 'Change an identity provider',
        description:
          'What is left out stays. With another issuer or client it has to be tested again to be enabled. One that is enabled is tested with them in this call: it stays enabled when that went well, and nothing is changed when not. Its issuer cannot be changed.',
        params: Id,
        body: ChangeProvider,
        answers: { 200: ProviderShape, 400: ProblemShape, 404: ProblemShape, 409: ProblemShape },
      },
      async (call) => {
        const { id } = call.params
        // Before the transaction: it waits for others.
        const testedVersion = await testChange(parts, id, call.body)
        const answer = await once(parts, call, async (db) => {
          await changeProvider(parts, db, call, { ...call.body, id, testedVersion })
          const { provider, hasSecret } = await found(db, id)
          return json(200, shown(parts, provider, hasSecret, verdictOf(id)))
        })
        await learn(parts, managing)
        return answer
      },
    ),
    on(
      'DELETE /v1/providers/{id}',
      {
        ...write,
        summary: 'Delete an identity provider',
        description: 'Nobody is sent there any more. People keep their accounts and their other ways in.',
        params: Id,
        answers: { 204: null, 404: ProblemShape },
      },
      async (call) => {
        const answer = await once(parts, call, async (db) => {
          await deleteProvider(parts, db, call, call.params.id)
          return empty(204)
        })
        await learn(parts, managing)
        return answer
      },
    ),
  ]
}

function switching(parts: Parts, managing: Managing): Route[] {
  const { staff, verdictOf } = managing
  const write = { tag, guard: staff('providers:write'), params: Id } as const
  const switched =
    (verb: typeof enableProvider) => async (call: Parameters<typeof once>[1] & { params: { id: string } }) => {
      const { id } = call.params
      const answer = await once(parts, call, async (db) => {
        await verb(parts, db, call, id)
        const { provider, hasSecret } = await found(db, id)
        return json(200, shown(parts, provider, hasSecret, verdictOf(id)))
      })
      await learn(parts, managing)
      return answer
    }
  return [
    on(
      'POST /v1/providers/{id}/test',
      {
        ...write,
        summary: 'Test an identity provider',
        description:
          'Asks everything that a sign-in needs, and says what it found. With a test that went well it can be enabled.',
        answers: { 200: TestShape, 404: ProblemShape },
      },
      async (call) => {
        const { id } = call.params
        await managing.reload()
        const { provider } = await found(parts.db, id)
        const steps = await testProvider(parts, provider)
        const isGood = steps.every(({ outcome }) => outcome === 'good')
        await noteTest(parts, call, provider, isGood)
        await managing.reload()
        return json(200, { steps, is_good: isGood })
      },
    ),
    on(
      'POST /v1/providers/{id}/enable',
      {
        ...write,
        guard: staff('providers:write', { freshWithinMs: FRESH_WITHIN_MS }),
        isIdempotent: true,
        summary: 'Enable an identity provider',
        answers: { 200: ProviderShape, 404: ProblemShape, 409: ProblemShape },
      },
      switched(enableProvider),
    ),
    on(
      'POST /v1/providers/{id}/disable',
      {
        ...write,
        isIdempotent: true,
        summary: 'Disable an identity provider',
        description: 'Nobody is sent there any more; sessions go on.',
        answers: { 200: ProviderShape, 404: ProblemShape },
      },
      switched(disableProvider),
    ),
  ]
}

/** A test that went badly takes the last good one back; what is enabled stays so. */
async function noteTest(parts: Parts, call: Caller, { id, version }: Provider, isGood: boolean): Promise<void> {
  await parts.db.transaction(async (db) => {
    await queries.noteTested(db, id, version, isGood ? parts.clock.now() : null)
    const subject = { kind: 'provider', id }
    await parts.audit(db, { by: byCaller(call), action: 'provider.tested', subject, facts: { is_good: isGood } })
  })
}

async function found(db: Queries, id: string): Promise<{ provider: Provider; hasSecret: boolean }> {
  const row = await queries.findProvider(db, id)
  if (!row) throw refuse('no_provider', { id: id.replace(/[^\w]/g, '') })
  const domains = (await queries.domainsOf(db, [id])).map(({ domain }) => domain)
  return { provider: toProvider(row, domains), hasSecret: row.client_secret_sealed !== null }
}

function readCursor(cursor: string | undefined): string | null {
  if (cursor === undefined || cursor === '') return null
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  if (!/^prv_[0-9a-z]{1,40}$/.test(id)) throw refuse('bad_cursor')
  return id
}
