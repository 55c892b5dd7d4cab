import type { Exercise } from '../../app/api/wire/fail-over.ts'
import {
  type Evidence,
  evidenceKinds,
  type Provider,
  type ProviderKey,
  type Verdict,
  type VerdictChange,
  type Why,
} from '../../app/api/wire/providers.ts'
import { type Ago, DAY_MS, HOUR_MS, idOf, MINUTE_MS } from './ids.ts'

export interface ProvidersWorld {
  providers: Provider[]
  /** By the id of the provider. */
  evidence: Record<string, Evidence[]>
  history: Record<string, VerdictChange[]>
  exercises: Exercise[]
  /** Of every provider alike. */
  providerKeys: ProviderKey[]
  /** Whose own way out is cut off. */
  cutOff: NonNullable<Provider['cut_off']>
}

const ROUNDS = 14
const ROUND_MS = 5_000
const processes = ['access-1.eu-west', 'access-2.eu-west'] as const
export const callbackOf = (id: string) => `https://id.acme.test/sign-in/callback/${id}`

export const why = (sentence: string, change: Partial<Why> = {}): Why => ({
  sentence,
  faults: [],
  processes: { saw: 2, live: 2 },
  is_control_good: true,
  ...change,
})
const answers = why('Everything answers.', { processes: { saw: 0, live: 2 }, is_control_good: null })
export const outage = why(
  'Discovery (timeout) and token (status-5xx) failed in several looks, seen by 2 of 2 processes, while other addresses answered.',
  {
    faults: [
      { kind: 'discovery', fault: 'timeout', count: 6 },
      { kind: 'token', fault: 'status-5xx', count: 5 },
    ],
  },
)

export function verdictOf(state: Verdict['state'], since: string, change: Partial<Verdict> = {}): Verdict {
  return {
    epoch: 41,
    state,
    since,
    open_since: null,
    closed_at: null,
    decided_at: since,
    decided_by: 'holdfast',
    why: answers,
    ordered: null,
    ordered_reason: null,
    ordered_by: null,
    ordered_until: null,
    ...change,
  }
}

function makeProvider(index: number, ago: Ago, change: Partial<Provider>): Provider {
  return {
    id: idOf('prv', index),
    name: 'Auth0',
    preset: 'auth0',
    issuer: 'https://acme.eu.auth0.com/',
    client_id: `k3F9aVq2hold${index}fast7Zt1`,
    token_endpoint_auth: 'client_secret_basic',
    has_client_secret: true,
    client_secret_expires_at: ago(-210 * DAY_MS),
    scopes: ['openid', 'email', 'profile'],
    tenants: [],
    domains: [],
    trusts_email: false,
    trusts_factors: false,
    email_counts_from: null,
    factors_count_from: null,
    keys_good_for_ms: DAY_MS,
    is_enabled: true,
    tested_at: ago((60 - index) * DAY_MS),
    created_at: ago((61 - index) * DAY_MS),
    changed_at: ago((60 - index) * DAY_MS),
    version: 3,
    callback_url: callbackOf(idOf('prv', index)),
    last_fetched: { discovery: ago(4 * MINUTE_MS + 11_000), keys: ago(4 * MINUTE_MS + 11_000) },
    verdict: verdictOf('healthy', ago((9 - index) * DAY_MS)),
    ...change,
  }
}

/** Five customers’ ways in: three well, one suspect, one not in use yet. */
export function makeProviders(ago: Ago): ProvidersWorld {
  const providers = [
    makeProvider(0, ago, { domains: ['acme.test', 'acme-labs.test'], trusts_email: true }),
    makeProvider(1, ago, {
      name: 'Google',
      preset: 'google',
      issuer: 'https://accounts.google.com',
      domains: ['girasole.test'],
      client_secret_expires_at: null,
      verdict: verdictOf('suspect', ago(2 * MINUTE_MS), {
        why: why('It asks us to come less often (429).', { processes: { saw: 1, live: 2 } }),
      }),
    }),
    makeProvider(2, ago, {
      name: 'Fjord Entra',
      preset: 'entra',
      issuer: 'https://login.microsoftonline.com/organizations/v2.0',
      tenants: ['8a3c0f5e-1111-4222-8333-444455556666', '0b7d4d10-9a1c-4f35-8a51-2f6f2f6f9a10'],
      domains: ['fjord-logistikk.test'],
      trusts_email: true,
      trusts_factors: true,
      email_counts_from: ago(-19 * HOUR_MS),
      factors_count_from: ago(-19 * HOUR_MS),
      client_secret_expires_at: ago(-12 * DAY_MS),
    }),
    makeProvider(3, ago, {
      name: 'Hafen login',
      preset: 'keycloak',
      issuer: 'https://login.hafen9.test/realms/hafen',
      domains: ['hafen9.test'],
      keys_good_for_ms: 7 * DAY_MS,
      last_fetched: { discovery: ago(38_000), keys: ago(3 * HOUR_MS) },
      verdict: verdictOf('healthy', ago(26 * MINUTE_MS), { closed_at: ago(26 * MINUTE_MS) }),
    }),
    makeProvider(4, ago, {
      name: 'Kestrel Okta',
      preset: 'okta',
      issuer: 'https://kestrel.okta.com',
      is_enabled: false,
      tested_at: null,
      last_fetched: { discovery: null, keys: null },
      verdict: null,
    }),
  ]
  return {
    providers,
    evidence: Object.fromEntries(providers.map((provider) => [provider.id, makeEvidence(provider, ago)])),
    history: Object.fromEntries(providers.map((provider) => [provider.id, makeHistory(provider, ago)])),
    exercises: makeExercises(ago),
    cutOff: [],
    providerKeys: [
      makeKey('2026-11-a', ago(9 * DAY_MS), ago(4 * MINUTE_MS), null),
      makeKey('2026-08-c', ago(90 * DAY_MS), ago(2 * DAY_MS), ago(2 * DAY_MS)),
    ],
  }
}

const makeKey = (kid: string, first: string, last: string, withdrawn: string | null): ProviderKey => ({
  thumbprint: `NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRG${kid}`,
  kid,
  first_seen_at: first,
  last_seen_at: last,
  withdrawn_at: withdrawn,
})

function makeEvidence({ verdict, preset }: Provider, ago: Ago): Evidence[] {
  if (!verdict) return []
  const one = (round: number, process: number, change: Partial<Evidence> & Pick<Evidence, 'kind'>): Evidence => ({
    process_id: processes[process]!,
    seen_at: ago(round * ROUND_MS + process * 1900 + 700),
    round: change.kind === 'exchange' ? null : `rnd_${round}_${process}`,
    outcome: 'good',
    fault: null,
    detail: null,
    took_ms: 62 + ((round * 37 + process * 53 + evidenceKinds.indexOf(change.kind) * 29) % 140),
    is_control_good: change.kind === 'exchange' ? null : true,
    ...change,
  })
  return Array.from({ length: ROUNDS }, (_, round) =>
    [0, 1].flatMap((process) => [
      ...(['discovery', 'keys', 'authorization', 'token'] as const).map((kind) =>
        preset === 'google' && kind === 'token' && process === 0
          ? one(round, process, { kind, outcome: 'limited', detail: 'it answered 429: too many requests' })
          : one(round, process, { kind }),
      ),
      ...(round % 3 === 1 ? [one(round, process, { kind: 'exchange' })] : []),
    ]),
  ).flat()
}

/** Discovery hangs and the token endpoint is ill; what else it has answers. */
export function breakEvidence(evidence: readonly Evidence[]): Evidence[] {
  const faults: Partial<Record<Evidence['kind'], Partial<Evidence>>> = {
    discovery: {
      outcome: 'fault',
      fault: 'timeout',
      detail: 'it sent nothing within 2.5 s',
      took_ms: 2503,
    },
    token: { outcome: 'fault', fault: 'status-5xx', detail: 'it answered 503', took_ms: 41 },
    exchange: { outcome: 'fault', fault: 'status-5xx', detail: 'it answered 503', took_ms: 44 },
  }
  return evidence.map((each) => ({ ...each, ...faults[each.kind] }))
}

function makeHistory({ verdict }: Provider, ago: Ago): VerdictChange[] {
  if (!verdict) return []
  const { state, since, decided_by: by, epoch } = verdict
  const change = (back: number, at: string, more: Partial<VerdictChange>): VerdictChange => ({
    epoch: epoch - back,
    at,
    state: 'healthy',
    is_open: false,
    by: 'holdfast',
    why: answers,
    ...more,
  })
  return [
    change(0, since, { state, is_open: verdict.open_since !== null, by, why: verdict.why }),
    change(1, ago(9 * DAY_MS + HOUR_MS), { why: why('Everything has answered for 60 s.') }),
    change(2, ago(9 * DAY_MS + HOUR_MS + MINUTE_MS), {
      state: 'recovering',
      is_open: true,
      why: why('Everything answers again. People are sent back when that has lasted 60 s.'),
    }),
    change(3, ago(9 * DAY_MS + 3 * HOUR_MS), { state: 'down', is_open: true, why: outage }),
    change(4, ago(9 * DAY_MS + 3 * HOUR_MS + 9_000), {
      state: 'suspect',
      why: why('Discovery (timeout) failed, seen by 1 of 2 processes.', { processes: { saw: 1, live: 2 } }),
    }),
    change(5, ago(20 * DAY_MS), {
      is_open: true,
      by: idOf('usr', 0),
      why: why('Forced open by an administrator: their status page says so, our probes reach a cache.'),
    }),
  ]
}

function makeExercises(ago: Ago): Exercise[] {
  return Array.from({ length: 12 }, (_, index) => ({
    id: String(4800 - index),
    method: index % 2 === 0 ? ('passkey' as const) : ('code' as const),
    at: ago(Math.floor(index / 2) * 3 * MINUTE_MS + (index % 2) * 20_000 + MINUTE_MS),
    process_id: processes[index % 2]!,
    is_good: true,
    took_ms: 380 + index * 17,
    detail: null,
  }))
}

/** The first provider has not answered for a while, and people are sent another way. */
export function fail(world: ProvidersWorld, nowMs: number) {
  const [provider, , , other] = world.providers
  if (!provider || !other) return
  // Another one answers again, and is watched for a while.
  other.verdict = verdictOf('recovering', new Date(nowMs - 38_000).toISOString(), {
    open_since: new Date(nowMs - 26 * MINUTE_MS).toISOString(),
    why: why('Everything answers again. People are sent back when that has lasted 60 s.'),
  })
  const since = new Date(nowMs - 18 * MINUTE_MS).toISOString()
  provider.verdict = verdictOf('down', since, { open_since: since, why: outage, epoch: 43 })
  world.evidence[provider.id] = breakEvidence(world.evidence[provider.id] ?? [])
  world.history[provider.id]?.unshift({
    epoch: 43,
    at: since,
    state: 'down',
    is_open: true,
    by: 'holdfast',
    why: outage,
  })
}

/** All of them at once: that is what they have in common, our own way out. */
export function blur(world: ProvidersWorld, nowMs: number) {
  const since = new Date(nowMs - 3 * MINUTE_MS).toISOString()
  const sentence =
    'Discovery (timeout) failed, and no control target answered with the right time: our own network may be at fault.'
  const said = why(sentence, { is_control_good: false, faults: [{ kind: 'discovery', fault: 'timeout', count: 8 }] })
  for (const provider of world.providers) {
    if (provider.verdict) provider.verdict = verdictOf('unknown', since, { why: said, epoch: 44 })
  }
}

/** One of two has no way out. */
export function cutOff(world: ProvidersWorld, nowMs: number) {
  for (const seen of Object.values(world.evidence).flat()) {
    if (seen.process_id === processes[1])
      Object.assign(seen, { outcome: 'fault', fault: 'timeout', is_control_good: false })
  }
  world.cutOff = [{ process_id: processes[1], cut_off_at: new Date(nowMs - 8_000).toISOString() }]
}
