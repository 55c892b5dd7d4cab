import type { FailOverSignIn } from '../../api/wire/fail-over.ts'
import { useClock } from '../../ui/clock.tsx'
import { Explained, PlainMark } from '../../ui/plain-mark.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { Ago, Moment } from '../../ui/time.tsx'

/** Proved at the provider since, due until when, over its time, or that the provider is not back yet. */
export function SignInMark({ signIn, isOld }: { signIn: FailOverSignIn; isOld: boolean }) {
  const { serverNowMs } = useClock()
  const { proved_at, due_at } = signIn
  // A proof is final; everything else may have become something else meanwhile.
  if (proved_at) return <Explained mark={<StateMark state="ok">Proved</StateMark>}>{<Ago at={proved_at} />}</Explained>
  if (isOld) return <StateMark state="unknown">Not known</StateMark>
  if (!due_at)
    return <Explained mark={<StateMark state="degraded">Open</StateMark>}>The provider is not back</Explained>
  if (Date.parse(due_at) > serverNowMs) {
    return (
      <Explained mark={<StateMark state="degraded">To be proved</StateMark>}>
        Until <Moment at={due_at} />
      </Explained>
    )
  }
  return (
    <Explained mark={<PlainMark>Ended unproved</PlainMark>}>
      Was due at <Moment at={due_at} />
    </Explained>
  )
}
