import type { Static } from 'typebox'
import { compileFlags, type Explanation, explain } from '../../../../sdk/evaluate.ts'
import { sayNumber } from '../../../../sdk/flags/snapshot.ts'
import { refuse } from '../refusals.ts'
import type { Management } from './management.ts'
import { readInstant } from './read-asked.ts'
import type { Try } from './shapes.ts'

type Asked = Static<typeof Try>
const DRAFT_KEY = 'draft'
const SHOWN_MAX = 200

/** What a flag answers for one context and why: of now, of an instant, or as it stands in a form and is not saved. */
export async function tryFlag(parts: Management, asked: Asked) {
  const { key = DRAFT_KEY, definition, context } = asked
  if (asked.key === undefined && definition === undefined) throw refuse('nothing_to_try')
  const at = asked.at === undefined ? undefined : readInstant(asked.at)
  const { set, source, number } = await setOf(parts, at)
  const known = Object.hasOwn(set.flags, key) ? set.flags[key] : undefined
  if (!definition && !known) throw refuse('not_found', { what: 'flag', key })
  // Under its own key: who falls into which share depends on that.
  const flag = compileFlags({ ...set, flags: { [key]: definition ?? known } }).flags.get(key)!
  const told = explain(flag, context, (at ?? parts.clock.now()).getTime())
  const { value, variant, reason, errorCode, errorMessage } = told.evaluation
  return {
    value: value ?? null,
    variant: variant ?? null,
    reason,
    error_code: errorCode ?? null,
    error_message: errorMessage ?? null,
    source: definition ? 'draft' : source,
    number,
    because: told.because,
    steps: told.steps.map(stepOf),
  }
}

async function setOf({ flags, clock }: Management, at: Date | undefined) {
  if (at && at < clock.now()) {
    const { definition } = await flags.reads.at(at)
    return { set: definition, source: 'log', number: null }
  }
  const current = flags.current()
  if (!current) throw refuse('none_yet')
  const { flags: all, evaluators, metadata } = current.body
  return { set: { flags: all, $evaluators: evaluators, metadata }, source: current.source, number: sayNumber(current) }
}

function stepOf({ path, depth, operator, value, says, error, bucket }: Explanation['steps'][number]) {
  const shown = error ?? JSON.stringify(value) ?? 'nothing'
  const cut = shown.length > SHOWN_MAX ? `${shown.slice(0, SHOWN_MAX)}…` : shown
  return {
    text: says,
    did: didOf(operator, value, { error, isDealt: bucket !== undefined }),
    detail: `${cut} at ${path}`,
    depth,
  }
}

const READING = new Set(['var', 'missing', 'missing_some'])
const CHOOSING = new Set(['if', 'fractional'])

function didOf(operator: string, value: unknown, { error, isDealt }: { error: string | undefined; isDealt: boolean }) {
  if (error !== undefined) return 'failed'
  if (isDealt || CHOOSING.has(operator)) return 'chose'
  if (READING.has(operator)) return 'read'
  if (value === true) return 'matched'
  return value === false || value === null ? 'not-matched' : 'gave'
}
