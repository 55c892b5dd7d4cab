import type {
  Counted,
  FailOverRefusal,
  FailOverSignIn,
  LinkedIdentity,
  Passkey,
  PersonNotReady,
  ReadinessList,
  ReadinessOf,
  RefusalReason,
  SignInMethods,
  SignInPolicy,
  SignInPolicyInForce,
} from '../../app/api/wire/fail-over.ts'
import type { Organization, Rescue } from '../../app/api/wire/organizations.ts'
import type { Provider } from '../../app/api/wire/providers.ts'
import type { User } from '../../app/api/wire.ts'
import { type Ago, DAY_MS, HOUR_MS, idOf, MINUTE_MS } from './ids.ts'
import { personOf } from './installation.ts'

export interface FailOverWorld {
  signIns: FailOverSignIn[]
  refusals: FailOverRefusal[]
  readiness: ReadinessList
  notReady: PersonNotReady[]
  /** By organisation; without one the usual is in force. */
  policies: Record<string, SignInPolicyInForce>
  /** By user. */
  methods: Record<string, SignInMethods>
  rescues: Rescue[]
}

export const usual: SignInPolicy = {
  provider_id: null,
  ordinary: ['provider', 'passkey', 'email'],
  demands: 'nothing',
  passkeys: 'offered',
  fail_over: null,
}

const means: Record<string, string> = {
  email_only: 'They have no passkey: a mailed code is their only way.',
  mail_host_unknown: 'A mailed code is their only way, and where their mailbox is was not found out yet.',
  other_provider: 'They are linked to another provider, and may come through that.',
  no_way: 'The policy of their organisation lets nobody in another way.',
  no_passkey: 'Only a passkey is allowed, and they have none.',
  not_seen_lately: 'They have not come through the provider for longer than the policy allows.',
  mailbox_at_vendor: 'Their mailbox is at the vendor of the provider, and would be down with it.',
}

/** As access counts: `[passkey, provider, email, unknown, no]`. */
export function countedOf(
  name: string,
  ways: readonly [number, number, number, number, number],
  whys: object,
): Counted {
  const [passkey, provider, email, unknown, no] = ways
  const active = passkey + provider + email + unknown + no
  const ready = passkey + provider + email
  const share = (part: number) => Math.round((part / Math.max(1, active)) * 100)
  const rest = [no === 0 ? 'nobody is known to be kept out' : `${no} could not`]
  if (unknown > 0) rest.push(`of ${unknown} it is not known yet`)
  return {
    active,
    able: { passkey, provider, email, unknown, no },
    ready,
    ready_percent: active === 0 ? null : share(ready),
    sentence: `${share(ready)} % of active users could sign in if ${name} died now: ${share(passkey)} % by passkey, ${share(email)} % by e-mail only; ${rest.join(', ')}.`,
    whys: Object.entries(whys).map(([why, people]) => ({ why, means: means[why] ?? why, people: people as number })),
  }
}

interface Company {
  users: readonly User[]
  organizations: readonly Organization[]
  providers: readonly Provider[]
}

export function makeFailOver(company: Company, ago: Ago): FailOverWorld {
  return {
    signIns: makeSignIns(company, ago),
    refusals: makeRefusals(company, ago),
    readiness: { data: makeReadiness(company, ago), active_within_days: 30 },
    notReady: makeNotReady(company, ago),
    policies: makePolicies(company, ago),
    methods: makeMethods(company, ago),
    rescues: [],
  }
}

function makeSignIns({ users, organizations, providers }: Company, ago: Ago): FailOverSignIn[] {
  return Array.from({ length: 26 }, (_, index) => {
    const provider = providers[index < 6 ? 3 : 0]!
    const atMs = index < 6 ? (index + 2) * 4 * MINUTE_MS : 9 * DAY_MS + HOUR_MS + index * 5 * MINUTE_MS
    const organization = organizations[index < 6 ? 7 : index % 2]
    const isOver = index >= 6
    return {
      id: idOf('fos', index),
      user: personOf(users[(index * 7 + 1) % users.length]!),
      organization: organization ? { id: organization.id, name: organization.name } : null,
      provider: { id: provider.id, name: provider.name },
      method: (['passkey', 'code', 'passkey', 'link'] as const)[index % 4]!,
      session_id: idOf('ses', index),
      at: ago(atMs),
      due_at: isOver ? ago(9 * DAY_MS + 45 * MINUTE_MS) : index > 1 ? ago(-11 * MINUTE_MS) : null,
      proved_at: isOver && index % 5 !== 4 ? ago(9 * DAY_MS + (50 + index) * MINUTE_MS) : null,
    }
  })
}

/** Of the outage of just now and of the one nine days ago. */
function makeRefusals({ organizations }: Company, ago: Ago): FailOverRefusal[] {
  const rows: readonly (readonly [hoursAgo: number, organization: number, reason: RefusalReason, count: number])[] = [
    [0, 7, 'weaker_than_demanded', 3],
    [0, 7, 'not_seen_lately', 1],
    [217, 0, 'weaker_than_demanded', 14],
    [217, 1, 'way_not_allowed', 2],
    [218, 0, 'weaker_than_demanded', 9],
    [218, 0, 'closed', 1],
    [218, 1, 'address_too_new', 1],
  ]
  return rows.map(([hoursAgo, index, reason, count]) => ({
    hour: `${ago(hoursAgo * HOUR_MS).slice(0, 13)}:00:00.000Z`,
    organization_id: organizations[index]!.id,
    organization_name: organizations[index]!.name,
    reason,
    count,
  }))
}

function makeReadiness({ organizations, providers }: Company, ago: Ago): ReadinessList['data'] {
  const of = (provider: Provider, organization: Organization | null, counted: Counted): ReadinessOf => ({
    provider: { id: provider.id, name: provider.name },
    organization: organization && { id: organization.id, name: organization.name },
    counted_at: ago(4 * MINUTE_MS),
    ...counted,
  })
  const [auth0, google, entra, keycloak] = providers
  const within = (provider: Provider, indexes: readonly number[], sizes: readonly number[]) =>
    indexes.map((index, at) => {
      const size = sizes[at]!
      const ways = [
        Math.round(size * 0.7),
        0,
        Math.round(size * 0.1),
        at === 1 ? 3 : 0,
        Math.round(size * 0.2),
      ] as const
      return of(provider, organizations[index]!, countedOf(provider.name, ways, {}))
    })
  return [
    {
      ...of(
        auth0!,
        null,
        countedOf('Auth0', [894, 0, 151, 0, 214], {
          no_way: 121,
          email_only: 151,
          mailbox_at_vendor: 58,
          no_passkey: 35,
        }),
      ),
      organizations: within(auth0!, [8, 1, 0, 2, 4, 6, 3, 5, 9, 10], [420, 300, 160, 110, 70, 60, 50, 40, 30, 19]),
    },
    {
      ...of(
        google!,
        null,
        countedOf('Google', [31, 4, 22, 9, 61], {
          mailbox_at_vendor: 61,
          email_only: 22,
          mail_host_unknown: 9,
          other_provider: 4,
        }),
      ),
      organizations: within(google!, [6], [127]),
    },
    {
      ...of(entra!, null, countedOf('Fjord Entra', [88, 0, 0, 0, 0], {})),
      organizations: within(entra!, [5], [88]),
    },
    {
      ...of(keycloak!, null, {
        ...countedOf('Hafen login', [0, 0, 0, 0, 0], {}),
        sentence: 'It was not counted yet who could sign in if Hafen login died now.',
      }),
      counted_at: null,
      organizations: [],
    },
  ]
}

function makeNotReady({ users }: Company, ago: Ago): PersonNotReady[] {
  const reasons = [
    'no_way',
    'mailbox_at_vendor',
    'no_passkey',
    'not_seen_lately',
    'email_only',
    'mail_host_unknown',
  ] as const
  return users.slice(2, 56).map((user, index) => {
    const why = reasons[index % reasons.length]!
    return {
      user: { id: user.id, email: user.email ?? '', name: user.name },
      able: why === 'email_only' ? 'email' : why === 'mail_host_unknown' ? 'unknown' : 'no',
      why,
      means: means[why]!,
      last_sign_in_at: user.last_sign_in_at ?? ago(20 * DAY_MS),
    }
  })
}

function makePolicies({ organizations, providers }: Company, ago: Ago): Record<string, SignInPolicyInForce> {
  const [auth0, , entra] = providers
  const strict: SignInPolicy = {
    provider_id: auth0!.id,
    ordinary: ['provider'],
    demands: 'provider',
    passkeys: 'offered',
    fail_over: { ways: ['passkey'], seen_within_days: 30, session_minutes: 240, unknown_opens: false },
  }
  const looser: SignInPolicy = { ...strict, demands: 'nothing', ordinary: ['provider', 'passkey', 'email'] }
  return {
    [organizations[0]!.id]: { policy: strict, epoch: 4, waiting: null },
    [organizations[1]!.id]: {
      policy: strict,
      epoch: 2,
      waiting: {
        policy: looser,
        asked_at: ago(7 * HOUR_MS),
        takes_effect_at: ago(-17 * HOUR_MS),
        asked_by: idOf('usr', 2),
        reason: 'Their field crews have no passkeys yet; agreed with their security, ticket 4711',
      },
    },
    [organizations[5]!.id]: {
      policy: {
        ...strict,
        provider_id: entra!.id,
        ordinary: ['provider', 'passkey'],
        demands: 'second-factor',
        passkeys: 'required',
      },
      epoch: 1,
      waiting: null,
    },
  }
}

function makeMethods({ users, providers }: Company, ago: Ago): Record<string, SignInMethods> {
  const [auth0, google] = providers
  const identity = (
    index: number,
    { id, email, name }: User,
    change: Partial<LinkedIdentity> = {},
  ): LinkedIdentity => ({
    id: idOf('lid', index),
    provider: { id: auth0!.id, name: auth0!.name },
    subject: `auth0|66f1c0ffee${id.slice(-14).toLowerCase()}`,
    email,
    name,
    issuer: auth0!.issuer,
    linked_at: ago(50 * DAY_MS),
    last_proved_at: ago((index + 3) * HOUR_MS),
    closed_at: null,
    closed_reason: null,
    ...change,
  })
  const passkey = (index: number, name: string, change: Partial<Passkey> = {}): Passkey => ({
    id: idOf('psk', index),
    name,
    created_at: ago(40 * DAY_MS),
    last_used_at: ago((index + 1) * 5 * HOUR_MS),
    is_synced: true,
    is_backed_up: true,
    is_confirmed: true,
    is_copied: false,
    ...change,
  })
  const of = (user: User, from: number, device: string): SignInMethods => ({
    email: { address: user.email ?? '', proved_at: ago(50 * DAY_MS), asserted_by: null, asserted_at: null },
    passkeys: [
      passkey(from, device),
      passkey(from + 1, 'YubiKey 5C', { is_synced: false, is_backed_up: false, last_used_at: null }),
    ],
    linked_identities: [
      identity(from, user),
      identity(from + 1, user, {
        provider: { id: google!.id, name: google!.name },
        issuer: google!.issuer,
        closed_at: ago(2 * DAY_MS),
        closed_reason: 'administrator',
        subject: '108234567890123456789',
      }),
    ],
    recovery_codes_left: 2,
  })
  const [ana, , , , elif] = users
  return { [ana!.id]: of(ana!, 0, 'MacBook of Ana'), [elif!.id]: of(elif!, 2, 'Pixel of Elif') }
}

export const noMethods = (address: string | null): SignInMethods => ({
  email: { address: address ?? '', proved_at: null, asserted_by: null, asserted_at: null },
  passkeys: [],
  linked_identities: [],
  recovery_codes_left: 0,
})
