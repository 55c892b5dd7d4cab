import type { FlagDefinition } from '@holdfast/sdk/evaluate'
import type { FleetMember } from '../../app/api/wire/flags.ts'
import { type Ago, DAY_MS, HOUR_MS, MINUTE_MS } from './ids.ts'

/** What is delivered of a key, and how people call it. */
export interface KeptFlag {
  definition: unknown
  name: string | null
  description: string | null
  tags: string[]
}

export interface FlagEntry extends KeptFlag {
  kind: 'flag' | 'segment'
  key: string
  seq: number
  created_at: string
  changed_at: string
  by: string
  archived_at: string | null
}

export interface FlagLogRow {
  change_id: string
  seq: number
  at: string
  kind: 'flag' | 'segment' | 'set'
  key: string
  deed: string
  before: KeptFlag | null
  after: KeptFlag | null
  by: string
  reason: string | null
}

export interface FlagsWorld {
  epoch: number
  seq: number
  entries: FlagEntry[]
  log: FlagLogRow[]
  fleet: FleetMember[]
}

const onOff = { variants: { on: true, off: false }, defaultVariant: 'off' }
const fractional = (...shares: [string, number][]) => ({ fractional: shares })

const flags: readonly [key: string, name: string | null, tags: string[], definition: FlagDefinition][] = [
  [
    'checkout.express',
    'Express checkout',
    ['checkout'],
    {
      ...{ state: 'ENABLED', ...onOff },
      targeting: {
        if: [
          { and: [{ '===': [{ var: 'plan' }, 'pro'] }, { in: [{ var: 'country' }, ['US', 'CA']] }] },
          fractional(['on', 25], ['off', 75]),
        ],
      },
      metadata: { 'holdfast.client': true, 'holdfast.hash': 'flagd-v2' },
    },
  ],
  ['export.csv', 'CSV export', ['documents'], { state: 'ENABLED', ...onOff, defaultVariant: 'on' }],
  [
    'import.limit',
    'Rows of one import',
    ['documents', 'limits'],
    {
      state: 'ENABLED',
      variants: { small: 1000, large: 50000 },
      defaultVariant: 'small',
      targeting: { if: [{ $ref: 'enterprise' }, 'large'] },
    },
  ],
  [
    'new-view',
    'New view',
    ['release-4'],
    {
      ...{ state: 'ENABLED', ...onOff },
      targeting: { if: [{ $ref: 'beta-testers' }, 'on', fractional(['on', 10], ['off', 90])] },
      metadata: { 'holdfast.client': true },
    },
  ],
  ['old-search', null, [], { state: 'DISABLED', ...onOff }],
  [
    'pricing.table',
    'Pricing table',
    ['checkout', 'experiment'],
    {
      state: 'ENABLED',
      variants: { plain: { columns: 2 }, rich: { columns: 3 }, bold: { columns: 4 } },
      defaultVariant: 'plain',
      targeting: fractional(['plain', 50], ['rich', 30], ['bold', 20]),
    },
  ],
  [
    'theme.night',
    'Night theme by the clock',
    [],
    {
      ...{ state: 'ENABLED', ...onOff },
      targeting: { if: [{ '>': [{ '%': [{ var: '$flagd.timestamp' }, 86400] }, 72000] }, 'on', 'off'] },
      metadata: { 'holdfast.on_unknown': 'refuse', 'holdfast.max_age': 600 },
    },
  ],
  [
    'welcome.text',
    'Welcome text',
    ['words'],
    {
      ...{ state: 'ENABLED', variants: { plain: 'Welcome', warm: 'Good to see you' }, defaultVariant: 'plain' },
      targeting: { if: [{ starts_with: [{ var: 'language' }, 'pt'] }, 'warm'] },
    },
  ],
]

const segments: readonly [key: string, name: string, definition: unknown][] = [
  [
    'beta-testers',
    'Beta testers',
    { or: [{ ends_with: [{ var: 'email' }, '@acme.test'] }, { '===': [{ var: 'role' }, 'tester'] }] },
  ],
  ['enterprise', 'Enterprise customers', { in: [{ var: 'plan' }, ['enterprise', 'team']] }],
]

export function makeFlags(by: string, other: string, ago: Ago): FlagsWorld {
  const world: FlagsWorld = { epoch: 3, seq: 1880, entries: [], log: [], fleet: makeFleet(ago) }
  const all = [
    ...segments.map(([key, name, definition]) => ({ kind: 'segment' as const, key, name, tags: [], definition })),
    ...flags.map(([key, name, tags, definition]) => ({ kind: 'flag' as const, key, name, tags, definition })),
  ]
  for (const [index, { kind, key, name, tags, definition }] of all.entries()) {
    world.seq += 1
    const at = ago((all.length - index) * 3 * DAY_MS)
    const kept = { definition, name, description: null, tags }
    world.entries.push({ ...kept, kind, key, seq: world.seq, created_at: at, changed_at: at, by, archived_at: null })
    world.log.unshift({
      ...logged(world.seq, at),
      kind,
      key,
      deed: 'make',
      before: null,
      after: kept,
      by,
      reason: null,
    })
  }
  ramp(world, other, ago(2 * HOUR_MS))
  return world
}

/** Somebody gave the new view to more people two hours ago. */
function ramp(world: FlagsWorld, by: string, at: string) {
  const entry = world.entries.find(({ key }) => key === 'new-view')!
  const before: KeptFlag = { ...entry, definition: { ...(entry.definition as FlagDefinition) } }
  const definition = {
    ...(entry.definition as FlagDefinition),
    targeting: { if: [{ $ref: 'beta-testers' }, 'on', fractional(['on', 25], ['off', 75])] },
  }
  world.seq += 1
  Object.assign(entry, { definition, seq: world.seq, changed_at: at, by })
  const after: KeptFlag = { ...entry }
  const row = {
    kind: 'flag',
    key: 'new-view',
    deed: 'edit',
    before,
    after,
    by,
    reason: 'Ticket 4711: nobody complained',
  }
  world.log.unshift({ ...logged(world.seq, at), ...(row as Omit<FlagLogRow, 'change_id' | 'seq' | 'at'>) })
}

const logged = (seq: number, at: string) => ({ change_id: `chg_${seq}`, seq, at })

function makeFleet(ago: Ago): FleetMember[] {
  const member = (application: string, instance: string, more: Partial<FleetMember>): FleetMember => ({
    ...{ application, instance, epoch: 3, seq: 1891, source: 'live', age_ms: 900, fallbacks: {}, faults: [] },
    reported_at: ago(20_000),
    ...more,
  })
  return [
    ...Array.from({ length: 3 }, (_, at) =>
      member('app_demo', `web-stale-${at}`, { seq: 1871, source: 'disk', age_ms: 41 * MINUTE_MS }),
    ),
    ...Array.from({ length: 409 }, (_, at) => member('app_demo', `web-${at}`, {})),
    member('app_ledger', 'ledger-1:22', { fallbacks: { 'new-vew': 118, 'old.rates': 4 } }),
    member('app_ledger', 'ledger-2:9', {
      seq: 1890,
      faults: [
        {
          code: 'missing_without_tombstone',
          detail:
            'The snapshot e3.s1891 has not got new-view and 3 more, and no tombstone says that they were deleted.',
        },
      ],
    }),
    member('access', 'access-1:7', {}),
    member('access', 'access-2:7', {}),
  ]
}
