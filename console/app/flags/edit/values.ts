import type { Comparison, PlainValue } from '@holdfast/sdk/flag-rules'

export const kinds = { text: 'text', number: 'number', 'yes-no': 'true/false' } as const
export type ValueKind = keyof typeof kinds

const typed = new Set<Comparison>(['is', 'is-not', 'one-of', 'none-of'])
const ordered = new Set<Comparison>(['less', 'at-most', 'greater', 'at-least'])

/** Which types make sense: texts begin and end, numbers are ordered (dates are too, as texts). */
export function kindsFor(is: Comparison): ValueKind[] {
  if (ordered.has(is)) return ['number', 'text']
  if (typed.has(is)) return is === 'one-of' || is === 'none-of' ? ['text', 'number'] : ['text', 'number', 'yes-no']
  return ['text']
}

export function kindOf([first]: readonly PlainValue[], offered: readonly ValueKind[]): ValueKind {
  if (typeof first === 'number') return 'number'
  if (typeof first === 'boolean') return 'yes-no'
  return typeof first === 'string' && first !== '' ? 'text' : offered[0]!
}

/** What is not a number yet stays as it is typed: it is told before anything is saved. */
export function readValue(text: string, kind: ValueKind): PlainValue {
  if (kind === 'yes-no') return text === 'true'
  const isNumber =
    kind === 'number' && text.trim() !== '' && Number.isFinite(Number(text)) && !/[.]\d*0$|[.]$/.test(text)
  return isNumber ? Number(text) : text
}
