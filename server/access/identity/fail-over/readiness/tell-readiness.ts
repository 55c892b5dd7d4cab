import type { Provider } from '../../../providers/index.ts'
import type { CountRow } from './queries.ts'
import { ableOf, type Count, nobody, percentOf, sentenceOf, type WhyNot, whys } from './readiness.ts'

/** As the API tells it. */
export function toldCount(name: string, count: Count) {
  const { active, passkey, provider, email, unknown, no } = count
  const reasons = Object.entries(count.whys) as [WhyNot, number][]
  return {
    active,
    able: { passkey, provider, email, unknown, no },
    ready: ableOf(count),
    ready_percent: percentOf(ableOf(count), count),
    sentence: sentenceOf(name, count),
    whys: reasons
      .toSorted(([, one], [, other]) => other - one)
      .map(([why, people]) => ({ why, means: whys[why], people })),
  }
}

export function toldRow(
  { id, name }: Provider,
  row: CountRow | undefined,
  organization: { id: string; name: string } | null = null,
) {
  const counted = toldCount(name, row ?? nobody())
  return {
    provider: { id, name },
    organization,
    counted_at: row?.counted_at ?? null,
    ...counted,
    ...(!row && { sentence: `It was not counted yet who could sign in if ${name} died now.` }),
  }
}
