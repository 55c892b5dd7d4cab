/**
 * A flag's rule for people: as the form that a console shows, as one sentence, as the lines of a change. Pure and
 * synchronous, and runs in a browser as well.
 *
 * @example
 * ```ts
 * import { readTargeting, rollOut, sayRule, writeTargeting } from '@holdfast/sdk/flag-rules'
 *
 * const flag = { state: 'ENABLED' as const, variants: { on: true, off: false }, defaultVariant: 'off' }
 * const form = rollOut(readTargeting(undefined)!, { variant: 'on', percent: 25, others: 'off' })
 * console.log(sayRule({ ...flag, targeting: writeTargeting(form) })) // 25 % on, 75 % off, sticky by targetingKey
 * ```
 */
export {
  type Comparison,
  comparisons,
  type PlainCondition,
  type PlainOutcome,
  type PlainRule,
  type PlainShare,
  type PlainSplit,
  type PlainTargeting,
  type PlainValue,
  readSegment,
  readTargeting,
  TARGETING_KEY,
  writeSegment,
  writeTargeting,
} from './flags/plain-rule.ts'
export { moveBounds, type Rollout, rollOut } from './flags/roll-out.ts'
export { sayEntries, sayFlagChange, sayText } from './flags/say-change.ts'
export { sayPercent, sayRule, sayRules, saySegment } from './flags/say-rule.ts'
