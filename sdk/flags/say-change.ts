import type { FlagDefinition } from './definition.ts'
import { isSameJson } from './same-json.ts'
import { sayRules } from './say-rule.ts'
import { word } from './say-test.ts'

/** As long as a line may be on a screen; the rest is looked up in the JSON. */
const VALUE_LENGTH_MAX = 120
/** More lines than anybody reads of one change. */
const LINES_MAX = 40

/** What a change of a flag changed, a line each: "default variant: off → on", "rule 2: … → …". */
export function sayFlagChange(before: FlagDefinition | undefined, after: FlagDefinition | undefined): string[] {
  if (!before && !after) return []
  if (!before) return [`made: ${sayRules(after!).join('; ')}`]
  if (!after) return [`gone; it was: ${sayRules(before).join('; ')}`]
  const lines = [
    ...ofState(before, after),
    ...sayText('default variant', before.defaultVariant ?? undefined, after.defaultVariant ?? undefined),
    ...sayEntries('variant', before.variants, after.variants),
    ...ofRules(before, after),
    ...sayEntries('metadata', before.metadata ?? {}, after.metadata ?? {}),
  ]
  return lines.length > LINES_MAX ? [...lines.slice(0, LINES_MAX), `and ${lines.length - LINES_MAX} more`] : lines
}

function ofState({ state: before }: FlagDefinition, { state: after }: FlagDefinition): string[] {
  if (before === after) return []
  return [after === 'DISABLED' ? 'switched off' : 'switched on']
}

/** One value that may be none. */
export function sayText(name: string, before: unknown, after: unknown): string[] {
  return isSameJson(before, after) ? [] : [`${name}: ${show(before)} → ${show(after)}`]
}

/** Of an object, what came, went and changed. */
export function sayEntries(
  name: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const lines: string[] = []
  for (const [key, value] of Object.entries(before)) {
    if (!Object.hasOwn(after, key)) lines.push(`${name} ${word(key)} removed: it was ${show(value)}`)
    else if (!isSameJson(value, after[key])) lines.push(`${name} ${word(key)}: ${show(value)} → ${show(after[key])}`)
  }
  for (const [key, value] of Object.entries(after))
    if (!Object.hasOwn(before, key)) lines.push(`${name} ${word(key)} added: ${show(value)}`)
  return lines
}

/** Branch by branch where as many stand at the same place, and as a whole where not. */
function ofRules(before: FlagDefinition, after: FlagDefinition): string[] {
  if (isSameJson(ruleOf(before), ruleOf(after))) return []
  const [was, is] = [said(before), said(after)]
  const lines: string[] = []
  const shared = Math.min(was.length, is.length) - 1
  for (let index = 0; index < shared; index += 1) lines.push(...ofLine(`rule ${index + 1}`, was[index]!, is[index]!))
  for (const line of was.slice(shared, -1)) lines.push(`rule removed: ${line}`)
  for (const line of is.slice(shared, -1)) lines.push(`rule added: ${line}`)
  lines.push(...ofLine('otherwise', bare(was.at(-1)!), bare(is.at(-1)!)))
  // Both are said alike: what differs lies deeper than words go.
  return lines.length > 0 ? lines : ['rule: changed in its JSON']
}

const ruleOf = ({ targeting }: FlagDefinition) => (targeting && Object.keys(targeting).length > 0 ? targeting : null)
/** As if it were on and had no default: those have lines of their own. */
const said = (flag: FlagDefinition) => sayRules({ ...flag, state: 'ENABLED', defaultVariant: DEFAULT_PLACE })
const DEFAULT_PLACE = 'the-default-variant'
const bare = (line: string) => line.replace(/^otherwise /, '').replace(/ for everybody$/, '')

/** `10 % on, 90 % off → 25 % on, 75 % off`, without the condition where that stayed. */
function ofLine(name: string, was: string, is: string): string[] {
  if (was === is) return []
  const end = was.lastIndexOf(': ')
  const hasSameStart = end >= 0 && is.lastIndexOf(': ') === end && is.startsWith(was.slice(0, end))
  const [from, to] = hasSameStart ? [was.slice(end + 2), is.slice(end + 2)] : [was, is]
  return [`${name}: ${shown(from)} → ${shown(to)}`]
}

const shown = (text: string) => cut(text.replaceAll(DEFAULT_PLACE, 'the default variant'))

function show(value: unknown): string {
  if (value === undefined || value === null) return 'none'
  return cut(typeof value === 'string' ? word(value) : (JSON.stringify(value) ?? 'none'))
}

const cut = (text: string) => (text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text)
