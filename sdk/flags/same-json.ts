/** Whether two JSON values say the same; the order of keys says nothing. Deeper than `depthLeft` they are not compared. */
export function isSameJson(a: unknown, b: unknown, depthLeft = DEPTH_MAX): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || depthLeft === 0) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  for (const key of keys) {
    if (!Object.hasOwn(b, key)) return false
    const [left, right] = [(a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]]
    if (!isSameJson(left, right, depthLeft - 1)) return false
  }
  return true
}

/** Deeper than any flag may nest; what is deeper counts as changed, and is compiled again. */
const DEPTH_MAX = 200
