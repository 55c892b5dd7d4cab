import type { Static } from 'typebox'
import type { FlagDefinition } from '../../../../sdk/evaluate.ts'
import {
  type Comparison,
  comparisons,
  type PlainCondition,
  readTargeting,
  rollOut,
  writeTargeting,
} from '../../../../sdk/flag-rules.ts'
import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { findEntry } from '../reading/queries.ts'
import { refuse } from '../refusals.ts'
import type { Management } from './management.ts'
import { readNumber } from './read-asked.ts'
import type { RollOut } from './shapes.ts'

/**
 * The usual ramp: so many per cent of everybody, or of those that meet some conditions, get a variant. Whoever has it keeps
 * it while the share grows; every other rule of the flag stays as it is.
 */
export async function rollOutFlag(
  { flags }: Management,
  tx: Queries,
  by: By,
  { key, made_on: madeOn, reason, ...asked }: Static<typeof RollOut> & { key: string },
) {
  const entry = await findEntry(tx, 'flag', key)
  if (!entry) throw refuse('not_found', { what: 'flag', key })
  const definition = rolledOut(key, entry.definition as FlagDefinition, asked)
  return flags.verbs.edit(tx, by, { kind: 'flag', key, made_on: readNumber(madeOn), definition, reason })
}

type Asked = Omit<Static<typeof RollOut>, 'made_on' | 'reason'>

function rolledOut(key: string, flag: FlagDefinition, { variant, percent, of, by }: Asked): FlagDefinition {
  const names = Object.keys(flag.variants)
  if (!names.includes(variant)) throw refuse('no_such_variant', { key, variant, list: names.join(', ') })
  // Saved it would reach nobody, and whoever did it would think that it had.
  if (flag.state === 'DISABLED') throw refuse('switched_off', { key })
  const others =
    flag.defaultVariant && flag.defaultVariant !== variant ? flag.defaultVariant : otherThan(variant, names)
  if (others === undefined) throw refuse('no_other_variant', { key, variant })
  const plain = readTargeting(flag.targeting)
  if (!plain) throw refuse('not_plain', { key })
  const who = of && { match: of.match ?? 'all', conditions: of.conditions.map(conditionOf) }
  return { ...flag, targeting: writeTargeting(rollOut(plain, { variant, percent, by, others, of: who })) }
}

const otherThan = (variant: string, names: readonly string[]) => names.find((name) => name !== variant)

type Written = NonNullable<Asked['of']>['conditions'][number]

function conditionOf({ attribute, segment, is, values = [] }: Written): PlainCondition {
  if (segment !== undefined && attribute === undefined && (is === 'in' || is === 'not-in')) return { segment, is }
  const known = Object.hasOwn(comparisons, is) ? comparisons[is as Comparison] : undefined
  const count = { none: values.length === 0, one: values.length === 1, many: values.length > 0 }
  if (!attribute || segment !== undefined || !known || !count[known.takes])
    throw refuse('bad_condition', { condition: JSON.stringify({ attribute, segment, is, values }) })
  return { attribute, is: is as Comparison, values }
}
