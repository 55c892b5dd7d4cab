import type { Definition } from '@holdfast/sdk/evaluate'

/** Which flags ask a segment, also by way of another. */
export function usersOf(segment: string, { flags, $evaluators = {} }: Definition): string[] {
  const asking = new Set([segment])
  // Each round finds the segments that ask one of those found before; there are no more rounds than segments.
  for (let found = 0; found < asking.size; ) {
    found = asking.size
    for (const [key, rule] of Object.entries($evaluators)) if (asks(rule, asking)) asking.add(key)
  }
  return Object.entries(flags).flatMap(([key, { targeting }]) => (asks(targeting, asking) ? [key] : []))
}

function asks(rule: unknown, segments: ReadonlySet<string>): boolean {
  if (typeof rule !== 'object' || rule === null) return false
  const isRef = '$ref' in rule && typeof rule.$ref === 'string' && segments.has(rule.$ref)
  return isRef || Object.values(rule).some((part) => asks(part, segments))
}
