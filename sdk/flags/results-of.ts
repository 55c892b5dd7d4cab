import { isObject } from './definition.ts'

/** A rule that compiled is nested less deep; a `$ref` within a `$ref` counts as well. */
const DEPTH_MAX = 200

/** What a rule may come to, as far as it is written there: the branches of `if`, the variants of `fractional`. */
export function resultsOf(rule: unknown, evaluators: Readonly<Record<string, unknown>>): unknown[] {
  const found: unknown[] = []
  collect(rule, { evaluators, found, depth: 0 })
  return [...new Set(found)]
}

interface Search {
  evaluators: Readonly<Record<string, unknown>>
  found: unknown[]
  depth: number
}

function collect(rule: unknown, search: Search): void {
  if (typeof rule === 'string' || typeof rule === 'number' || typeof rule === 'boolean' || rule === null) {
    search.found.push(rule)
    return
  }
  if (!isObject(rule) || search.depth > DEPTH_MAX) return
  const [name] = Object.keys(rule)
  const args = name === undefined ? undefined : rule[name]
  const deeper = { ...search, depth: search.depth + 1 }
  if (name === '$ref' && typeof args === 'string') collect(search.evaluators[args], deeper)
  if (!Array.isArray(args)) return
  if (name === 'if') for (const branch of branchesOf(args)) collect(branch, deeper)
  if (name === 'fractional') for (const bucket of args) if (Array.isArray(bucket)) collect(bucket[0] ?? null, deeper)
}

/** Every second one, and the last if it stands alone. */
function branchesOf(args: readonly unknown[]): unknown[] {
  return args.filter((_, index) => index % 2 === 1 || (index === args.length - 1 && args.length > 1))
}
