import type { FlagContext } from '../../sdk/evaluate.ts'

/** The one rule that everybody answers, each in their own language: plan pro in three countries, half of those on, and they stay it. */
export const KEY = 'new-view'
export const PLAN = 'pro'
export const COUNTRIES = ['US', 'CA', 'GB']
export const PERCENT = 50

/** Enough that no answer stays in a cache of the processor by itself; a power of two, so that the next one costs nothing. */
export const CONTEXTS = 2048
/** The largest set that anybody reported to have. */
export const MANY_FLAGS = 5000
/** A browser's first request asks for about so many. */
export const BULK_FLAGS = 50

const OTHERS = [
  { plan: PLAN, country: 'DE' },
  { plan: 'free', country: 'US' },
]

export interface Person extends FlagContext {
  targetingKey: string
  plan: string
  country: string
}

/** Half of them are meant by the rule. */
export const people: readonly Person[] = Array.from({ length: CONTEXTS }, (_, index) => {
  const turn = index >> 1
  const targeted = { plan: PLAN, country: COUNTRIES[turn % COUNTRIES.length]! }
  return { targetingKey: `usr_${index}`, ...(index % 2 === 0 ? targeted : OTHERS[turn % OTHERS.length]!) }
})

export const isTargeted = ({ plan, country }: Person) => plan === PLAN && COUNTRIES.includes(country)

export const flagdFlag = {
  state: 'ENABLED' as const,
  variants: { on: true, off: false },
  defaultVariant: 'off',
  targeting: {
    if: [
      { and: [{ '==': [{ var: 'plan' }, PLAN] }, { in: [{ var: 'country' }, COUNTRIES] }] },
      {
        fractional: [
          ['on', PERCENT],
          ['off', 100 - PERCENT],
        ],
      },
      'off',
    ],
  },
}

/** The first is `new-view`, the others bear a number. */
export const keysOf = (count: number) =>
  Array.from({ length: count }, (_, index) => (index === 0 ? KEY : `${KEY}-${index}`))

export function flagdDefinition(count: number) {
  return { flags: Object.fromEntries(keysOf(count).map((key) => [key, flagdFlag])) }
}

/** Nobody outside the rule, and about half within: who answers otherwise has another rule. */
export function assertSameRule(answers: readonly boolean[]): void {
  const targeted = answers.filter((_, index) => isTargeted(people[index]!))
  const onCount = targeted.filter(Boolean).length
  const strangers = answers.filter((isOn, index) => isOn && !isTargeted(people[index]!)).length
  const share = onCount / targeted.length
  if (strangers > 0 || !(share > 0.4 && share < 0.6))
    throw new Error(`Another rule: ${onCount} of ${targeted.length} are on, and ${strangers} of the others.`)
}
