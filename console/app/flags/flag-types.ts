import type { FlagDefinition, FlagType } from '@holdfast/sdk/evaluate'

/** The four types of values, and with what a new flag of each begins. */
export const types = {
  boolean: { name: 'Yes or no', variants: { on: true, off: false }, standard: 'off' },
  string: { name: 'Text', variants: { old: 'old', new: 'new' }, standard: 'old' },
  number: { name: 'Number', variants: { small: 10, large: 100 }, standard: 'small' },
  object: { name: 'Object', variants: { plain: {}, rich: { columns: 3 } }, standard: 'plain' },
} as const satisfies Record<FlagType, { name: string; variants: FlagDefinition['variants']; standard: string }>

export const flagTypes = Object.keys(types) as FlagType[]

export function newDefinition(type: FlagType): FlagDefinition {
  const { variants, standard } = types[type]
  return { state: 'ENABLED', variants: { ...variants }, defaultVariant: standard }
}
