import type { ExplainedStep, Explanation } from '@holdfast/sdk/evaluate'

/** Steps whose sentence stands whole in the one above them: what a comparison compared. Kept where something was missing. */
export function stepsWorthTelling(steps: readonly ExplainedStep[]): ExplainedStep[] {
  return steps.filter(({ operator, depth, value }) => operator !== 'var' || depth === 0 || value === null)
}

/** The decision in a sentence or two: which condition was met, and where among the shares they fell. */
export function sayWhy({ because, steps }: Pick<Explanation, 'because' | 'steps'>): string {
  const top = steps.find(({ operator, depth }) => operator === 'if' && depth === 0)
  const dealt = steps.findLast(({ bucket }) => bucket !== undefined)
  return [because, ...[top, dealt].flatMap((step) => (step ? [`${sentence(step.says)}.`] : []))].join(' ')
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
