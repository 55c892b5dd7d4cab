/** Whether two JSON values say the same; the order of keys says nothing. Deeper than `depthLeft` they are not compared. */
export function isSameJson(a: unknown, b: unknown, depthLeft = DEPTH_MAX): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || depthLeft === 0) return false
  if (Array.isArray(a)) return Array.isArray(b) && isSameList(a, b, depthLeft - 1)
  return !Array.isArray(b) && isSameObject(a as Json, b as Json, depthLeft - 1)
}

/** Deeper than any flag may nest; what is deeper counts as changed, and is compiled again. */
const DEPTH_MAX = 200

type Json = Record<string, unknown>

function isSameList(a: readonly unknown[], b: readonly unknown[], depthLeft: number): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index += 1) if (!isSameJson(a[index], b[index], depthLeft)) return false
  return true
}

/** Without lists of keys: five thousand flags are compared whenever one of them changes. */
function isSameObject(a: Json, b: Json, depthLeft: number): boolean {
  let keys = 0
  for (const key in a) {
    keys += 1
    if (!Object.hasOwn(b, key) || !isSameJson(a[key], b[key], depthLeft)) return false
  }
  for (const _key in b) keys -= 1
  return keys === 0
}
