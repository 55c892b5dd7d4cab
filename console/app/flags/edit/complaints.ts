import {
  type ContractProblem,
  contractProblem,
  type FlagDefinition,
  ON_UNKNOWN_VALUE_KEY,
} from '@holdfast/sdk/evaluate'
import { comparisons, type PlainCondition, type PlainOutcome, type PlainRule } from '@holdfast/sdk/flag-rules'
import { typeOf } from '../read-flags.ts'
import type { Draft } from './draft.ts'

/** What has to be put right before access is asked, in the words of the form. Access has the last word. */
export function complaintsOf({ plain, definition }: Draft): string[] {
  const names = Object.keys(definition.variants)
  const { defaultVariant } = definition
  const contract = contractComplaint(definition)
  return [
    ...(names.length === 0 ? ['Give the flag at least one variant.'] : []),
    ...(names.includes('') ? ['Give every variant a name.'] : []),
    ...(defaultVariant && !names.includes(defaultVariant) ? ['Choose the default variant anew: it is gone.'] : []),
    ...(plain?.rules.flatMap((rule, at) => ofRule(rule, names, `Rule ${at + 1}: `)) ?? []),
    ...(plain ? ofOutcome(plain.otherwise, names, 'Otherwise: ') : []),
    ...(contract ? [contract.message] : []),
  ]
}

/** Of what the flag says itself. What it leaves to its set is not seen here, and access judges both together. */
export function contractComplaint(definition: FlagDefinition): ContractProblem | undefined {
  const { metadata = {} } = definition
  const found = contractProblem(metadata, typeOf(definition))
  const isLeft = found?.name === ON_UNKNOWN_VALUE_KEY && metadata[ON_UNKNOWN_VALUE_KEY] === undefined
  return isLeft ? undefined : found
}

function ofRule({ conditions, outcome }: PlainRule, names: readonly string[], where: string): string[] {
  const first = conditions.map(complaintAbout).find((complaint) => complaint !== undefined)
  return [...(first ? [`${where}${first}`] : []), ...ofOutcome(outcome, names, where)]
}

export function complaintAbout(condition: PlainCondition): string | undefined {
  if ('segment' in condition) return condition.segment === '' ? 'choose a segment.' : undefined
  const { attribute, is, values } = condition
  if (attribute.trim() === '') return 'write the attribute to look at.'
  const { takes } = comparisons[is]
  if (takes === 'none') return undefined
  const isEmpty = values.length === 0 || (takes === 'one' && values[0] === '')
  return isEmpty ? `write what ${attribute} is compared with.` : undefined
}

function ofOutcome(outcome: PlainOutcome, names: readonly string[], where: string): string[] {
  if (outcome.kind === 'default') return []
  const used = outcome.kind === 'variant' ? [outcome.variant] : outcome.shares.map(({ variant }) => variant)
  const unknown = used.find((name) => !names.includes(name))
  if (unknown !== undefined) return [`${where}choose a variant: ${unknown || 'one'} is none.`]
  if (outcome.kind === 'variant') return []
  if (outcome.by.trim() === '') return [`${where}write the attribute to deal out by.`]
  return outcome.shares.every(({ weight }) => weight === 0) ? [`${where}give somebody a share.`] : []
}
