type Metadata = Record<string, unknown>

/** What was typed, as an object; or why it is none, in words that say where to look. */
export function readMetadata(text: string): { value: Metadata } | { error: string } {
  let value: unknown
  try {
    value = text.trim() === '' ? {} : JSON.parse(text)
  } catch (error) {
    return { error: `This is not JSON: ${error instanceof Error ? error.message : String(error)}.` }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { error: 'Write an object: {"plan": "team"}.' }
  }
  const empty = Object.entries(value).find(([, each]) => each === null)
  if (empty) return { error: `Take “${empty[0]}” out in place of null: null is not kept.` }
  return { value: value as Metadata }
}

/**
 * What has to be sent so that `before` becomes `after`: access merges by the top-level names, and null takes one out.
 * Names that nobody touched are not sent: an application may have written them meanwhile. Undefined: nothing changed.
 */
export function changeOf(before: Metadata, after: Metadata): Metadata | undefined {
  const changed = Object.entries(after).filter(([name, value]) => !isSame(before[name], value))
  const gone = Object.keys(before).filter((name) => !(name in after))
  if (changed.length + gone.length === 0) return undefined
  return { ...Object.fromEntries(changed), ...Object.fromEntries(gone.map((name) => [name, null])) }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
