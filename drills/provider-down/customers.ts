import type { OutsideOrder } from './outside-process.ts'

/**
 * One customer of the SaaS: an organisation, and the provider through which its people come, with an issuer, a port and a
 * certificate of its own.
 */
export interface Customer {
  key: string
  title: string
  host: string
  domain: string
  group: 'faulty' | 'quiet' | 'attacked' | 'healthy'
  policy: PolicyKind
  /** Null: nothing happens to it, or nothing of its provider's. */
  fault: FaultKind | null
  /** Whether its fall-back has to open, may, or never must. */
  opens: 'must' | 'may' | 'never'
  /** Whether somebody is harmed who has no other way than the provider, so that it has to be noticed under traffic. */
  isNoticed: boolean
}

export const faultKinds = [
  'unavailable',
  'hang',
  'drip',
  'reset',
  'name',
  'tls_expired',
  'tls_wrong_host',
  'html',
  'limited',
  'keys_503',
  'keys_empty',
  'keys_rotated',
  'future',
  'flap',
  'keys_outlived',
] as const
export type FaultKind = (typeof faultKinds)[number]

/**
 * `ordinary`: passkey and e-mail on every day. `fall_back`: the provider alone on an ordinary day, passkey and e-mail in fail-over.
 * `provider`: demands it; dormant passkeys in fail-over. `second_factor`: demands two. `none`: no fail-over at all.
 */
export type PolicyKind = 'ordinary' | 'fall_back' | 'provider' | 'second_factor' | 'none'

type Row = [FaultKind, string, PolicyKind, Customer['opens']]

/**
 * What still works with the last known good documents and keys (HTML for the discovery document, keys that are away, empty or new)
 * need not open anything: people come through the provider. A 429 must not: anybody can earn one.
 */
const faulty: Row[] = [
  ['unavailable', '503 from all of it', 'ordinary', 'must'],
  ['hang', 'accepts and hangs', 'fall_back', 'must'],
  ['drip', 'a byte every 500 ms', 'fall_back', 'must'],
  ['reset', 'resets connections', 'second_factor', 'must'],
  ['name', 'its name is not found', 'provider', 'must'],
  ['tls_expired', 'certificate has run out', 'fall_back', 'must'],
  ['tls_wrong_host', 'certificate of another host', 'ordinary', 'must'],
  ['html', 'discovery as HTML', 'ordinary', 'may'],
  ['limited', '429 at the token endpoint', 'ordinary', 'never'],
  ['keys_503', 'keys answer 503', 'fall_back', 'may'],
  ['keys_empty', 'keys are empty', 'fall_back', 'may'],
  ['keys_rotated', 'keys rotated, no overlap', 'fall_back', 'may'],
  ['future', 'tokens from the future', 'fall_back', 'must'],
  ['flap', 'up 5 s, down 5 s', 'fall_back', 'may'],
  ['keys_outlived', 'keys down longer than caches', 'fall_back', 'may'],
]

const dashed = (text: string) => text.replaceAll('_', '-')

function customer(key: string, rest: Omit<Customer, 'key' | 'host' | 'domain'>): Customer {
  return { key, host: `${key}.idp.drill.test`, domain: `${key}.drill.test`, ...rest }
}

export const customers: readonly Customer[] = [
  ...faulty.map(([fault, title, policy, opens]) =>
    customer(dashed(fault), { title, group: 'faulty', policy, fault, opens, isNoticed: opens === 'must' }),
  ),
  ...(['unavailable', 'hang'] as const).map((fault) =>
    customer(`quiet-${fault}`, {
      ...{ title: `quiet: ${faulty.find(([kind]) => kind === fault)![1]}`, group: 'quiet', policy: 'fall_back' },
      ...{ fault, opens: 'must', isNoticed: false },
    }),
  ),
  ...['attacked-1', 'attacked-2'].map((key) =>
    customer(key, {
      ...{ title: `${key}: nothing wrong`, group: 'attacked', policy: 'fall_back' },
      ...{ fault: null, opens: 'never', isNoticed: false },
    }),
  ),
  ...['healthy-1', 'healthy-2'].map((key) =>
    customer(key, {
      ...{ title: `${key}: nothing wrong`, group: 'healthy', policy: 'ordinary' },
      ...{ fault: null, opens: 'never', isNoticed: false },
    }),
  ),
]

export const CONTROL_HOSTS = ['control-1.drill.test', 'control-2.drill.test']

/** What does it, and what undoes it; a name is taken away elsewhere. */
export const orders: Record<FaultKind, { begin: OutsideOrder | null; end: OutsideOrder | null }> = {
  unavailable: { begin: { do: 'answer-503' }, end: { do: 'pass' } },
  hang: { begin: { do: 'hang' }, end: { do: 'pass' } },
  drip: { begin: { do: 'drip' }, end: { do: 'pass' } },
  reset: { begin: { do: 'reset' }, end: { do: 'pass' } },
  name: { begin: null, end: null },
  tls_expired: { begin: { do: 'use-certificate', kind: 'expired' }, end: { do: 'use-certificate', kind: 'good' } },
  tls_wrong_host: {
    begin: { do: 'use-certificate', kind: 'wrong-host' },
    end: { do: 'use-certificate', kind: 'good' },
  },
  html: { begin: { do: 'discovery-html' }, end: { do: 'behave' } },
  limited: { begin: { do: 'token-429' }, end: { do: 'behave' } },
  keys_503: { begin: { do: 'keys-503' }, end: { do: 'behave' } },
  keys_empty: { begin: { do: 'keys-empty' }, end: { do: 'behave' } },
  keys_rotated: { begin: { do: 'rotate-keys' }, end: null },
  future: { begin: { do: 'be-ahead' }, end: { do: 'behave' } },
  flap: { begin: { do: 'flap' }, end: { do: 'pass' } },
  keys_outlived: { begin: { do: 'keys-503' }, end: { do: 'behave' } },
}
