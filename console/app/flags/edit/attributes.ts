import { TARGETING_KEY } from '@holdfast/sdk/flag-rules'

/** What most contexts have; any other is typed. */
export const knownAttributes = [
  TARGETING_KEY,
  'organization',
  'email',
  'plan',
  'country',
  'language',
  'role',
  'version',
]

/** Attributes whose values are ids of organisations here, which nobody types by heart. */
const ofOrganizations = new Set(['organization', 'organization_id', 'organizationId', 'org', 'org_id'])
export const namesOrganization = (attribute: string) => ofOrganizations.has(attribute)

/** Which attributes rules look at, those that most of them look at first; `$flagd.…` is no caller's to set. */
export function attributesIn(rules: readonly unknown[], segments: Readonly<Record<string, unknown>> = {}): string[] {
  const counts = new Map<string, number>()
  for (const rule of rules) {
    for (const name of new Set(read(rule, segments, new Set()))) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].sort(([, one], [, other]) => other - one).map(([name]) => name)
}

function* read(rule: unknown, segments: Readonly<Record<string, unknown>>, within: Set<string>): Generator<string> {
  if (typeof rule !== 'object' || rule === null) return
  if (Array.isArray(rule)) {
    for (const part of rule) yield* read(part, segments, within)
    return
  }
  for (const [name, value] of Object.entries(rule)) {
    if (name === 'var') {
      const path: unknown = Array.isArray(value) ? value[0] : value
      if (typeof path === 'string' && path !== '' && !path.startsWith('$flagd')) yield path
    } else if (name === '$ref') {
      const key = String(value)
      if (!within.has(key)) yield* read(segments[key], segments, new Set([...within, key]))
    } else {
      // Without a key of its own it deals out by the targeting key.
      if (name === 'fractional' && Array.isArray(value) && Array.isArray(value[0])) yield TARGETING_KEY
      yield* read(value, segments, within)
    }
  }
}
