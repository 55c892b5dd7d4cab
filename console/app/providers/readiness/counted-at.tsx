import { useClock } from '../../ui/clock.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { Ago } from '../../ui/time.tsx'

/** Counted every ten minutes: after three rounds that did not come, a figure is one that may have changed. */
const OLD_AFTER_MS = 30 * 60_000

/** The age of a figure, which nobody may take for now. */
export function CountedAt({ at, isOld }: { at: string | null; isOld: boolean }) {
  const { serverNowMs } = useClock()
  if (at === null) return <StateMark state="unknown">Not counted yet</StateMark>
  if (isOld || serverNowMs - Date.parse(at) > OLD_AFTER_MS) {
    return (
      <StateMark state="unknown">
        Counted <Ago at={at} />, not known since
      </StateMark>
    )
  }
  return (
    <span>
      Counted <Ago at={at} />
    </span>
  )
}
