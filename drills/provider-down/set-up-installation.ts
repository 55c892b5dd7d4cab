import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stage } from '../frame/stage.ts'
import type { Administrator } from '../holdfast/administrator.ts'
import { asSuperuser, makeEnvironmentDatabase } from '../holdfast/make-database.ts'
import { type Installation, startInstallation } from '../holdfast/start-installation.ts'
import { startPostgres } from '../postgres/start-postgres.ts'
import { type Customer, customers, type PolicyKind } from './customers.ts'
import { startNameServer } from './name-server.ts'
import type { RunningOutside } from './start-outside.ts'

/** Access as anybody runs it, with everything that an administrator sets up for twenty customers. */
export interface Prepared {
  installation: Installation
  administrator: Administrator
  superuserUrl: string
  /** By the customer's key. */
  providers: Record<string, string>
  /** By the organisation's key: each customer's, and that of those who want no fail-over. */
  organizations: Record<string, string>
  close(): Promise<void>
}

const SCOPES = [
  ...['providers:read', 'providers:write', 'users:read', 'users:write'],
  ...['organizations:read', 'organizations:write', 'applications:write'],
]
/** The longest that keys may be good for. */
const KEYS_GOOD_FOR_MS = 7 * 86_400_000
/** A test of a provider that was set up a moment ago may find documents that are being fetched. */
const TESTS_MAX = 5

export async function setUpInstallation(stage: Stage, outside: RunningOutside): Promise<Prepared> {
  const names = await startNameServer(outside.names.path)
  const { url: superuser } = await startPostgres(stage)
  const database = await makeEnvironmentDatabase(superuser, 'production')
  const installation = await startInstallation(stage, {
    environment: 'production',
    database,
    settings: {
      ...settingsOf(outside, names.address),
      // People come for the first time, through their provider.
      HOLDFAST_SIGN_UP: 'open',
      // The drill is the load balancer, and says from where people come.
      HOLDFAST_TRUSTED_PROXIES: '127.0.0.1',
    },
  })
  const administrator = await installation.becomeAdministrator(SCOPES)
  const providers: Record<string, string> = {}
  const organizations: Record<string, string> = {}
  for (const customer of customers) {
    providers[customer.key] = await addProvider({ outside, administrator, customer })
    organizations[customer.key] = await addOrganization(administrator, customer.title)
  }
  organizations['hang-strict'] = await addOrganization(administrator, 'no fail-over')
  return {
    ...{ installation, administrator, superuserUrl: database.superuserUrl, providers, organizations },
    async close() {
      await names[Symbol.asyncDispose]()
    },
  }
}

/** Providers on this machine are allowed to drills and tests alone. */
function settingsOf({ authorityFile, controlUrls }: RunningOutside, nameServer: string): Record<string, string> {
  return {
    HOLDFAST_CONTROL_URLS: controlUrls.join(','),
    HOLDFAST_PROVIDERS_ON_LOOPBACK: authorityFile,
    HOLDFAST_PROVIDERS_NAME_SERVER: nameServer,
  }
}

async function addProvider(one: {
  outside: RunningOutside
  administrator: Administrator
  customer: Customer
}): Promise<string> {
  const { outside, administrator, customer } = one
  const { key, domain } = customer
  const [clientId, clientSecret] = [`holdfast-${key}`, randomUUID()]
  const { id, callback_url: callbackUrl } = await administrator.ask<{ id: string; callback_url: string }>(
    'POST',
    '/v1/providers',
    {
      ...{ preset: 'oidc', name: `Login of ${key}`, issuer: outside.issuers[key] },
      ...{ client_id: clientId, client_secret: clientSecret, domains: [domain], trusts_email: true },
      keys_good_for_ms: KEYS_GOOD_FOR_MS,
    },
  )
  // Its address is known once it is kept, and allowed over there before it is tested.
  await outside.order(key, {
    do: 'add-client',
    client: { client_id: clientId, client_secret: clientSecret, redirect_uris: [callbackUrl] },
  })
  await testUntilGood(administrator, id)
  await administrator.ask('POST', `/v1/providers/${id}/enable`)
  return id
}

async function testUntilGood(administrator: Administrator, id: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const { is_good, steps } = await administrator.ask<{ is_good: boolean; steps: unknown[] }>(
      'POST',
      `/v1/providers/${id}/test`,
    )
    if (is_good) return
    if (tries === TESTS_MAX) throw new Error(`A provider that is well was found bad: ${JSON.stringify(steps)}`)
    await sleep(500)
  }
}

async function addOrganization(administrator: Administrator, name: string): Promise<string> {
  return (await administrator.ask<{ id: string }>('POST', '/v1/organizations', { name })).id
}

const SEEN_WITHIN_DAYS = 30
const SESSION_MINUTES = 60

function policyOf(kind: PolicyKind, providerId: string) {
  const failOver = (ways: string[]) => ({
    ...{ ways, seen_within_days: SEEN_WITHIN_DAYS, session_minutes: SESSION_MINUTES, unknown_opens: false },
  })
  const base = { provider_id: providerId, demands: 'nothing', passkeys: 'offered' }
  const policies: Record<PolicyKind, unknown> = {
    ordinary: { ...base, ordinary: ['provider', 'passkey', 'email'], fail_over: failOver(['passkey', 'email']) },
    fall_back: { ...base, ordinary: ['provider'], fail_over: failOver(['passkey', 'email']) },
    provider: { ...base, ordinary: ['provider'], demands: 'provider', fail_over: failOver(['passkey']) },
    second_factor: {
      ...base,
      ordinary: ['provider', 'passkey'],
      demands: 'second-factor',
      fail_over: failOver(['passkey']),
    },
    none: { ...base, ordinary: ['provider'], fail_over: null },
  }
  return policies[kind]
}

/**
 * What each organisation wants, approved long ago. A loosened policy waits a day by itself, which no drill can wait: the
 * database lets that day pass.
 */
export async function setPolicies({ administrator, organizations, providers, superuserUrl }: Prepared): Promise<void> {
  const wanted = [
    ...customers.map(({ key, policy }) => ({ organization: organizations[key]!, provider: providers[key]!, policy })),
    { organization: organizations['hang-strict']!, provider: providers.hang!, policy: 'none' as const },
  ]
  for (const { organization, provider, policy } of wanted) {
    const path = `/v1/organizations/${organization}/sign-in-policy`
    const { epoch } = await administrator.ask<{ epoch: number }>('GET', path)
    await administrator.ask('PUT', path, {
      ...{ policy: policyOf(policy, provider), epoch, reason: 'The drill sets it up.' },
    })
  }
  await asSuperuser(superuserUrl, (client) =>
    client.query(
      `update identity.sign_in_policy_change set asked_at = asked_at - interval '2 days',
              takes_effect_at = takes_effect_at - interval '2 days' where settled_at is null`,
    ),
  )
  for (const { organization } of wanted) await untilSettled(administrator, organization)
}

const SETTLE_TRIES = 120

async function untilSettled(administrator: Administrator, organization: string): Promise<void> {
  for (let tries = 0; tries < SETTLE_TRIES; tries++) {
    const path = `/v1/organizations/${organization}/sign-in-policy`
    const { waiting } = await administrator.ask<{ waiting: unknown }>('GET', path)
    if (waiting === null) return
    await sleep(500)
  }
  throw new Error('A policy that was due did not take effect.')
}
