import type { Provider } from '../api/wire/providers.ts'
import { useClock } from '../ui/clock.tsx'
import { Explained, PlainMark } from '../ui/plain-mark.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import { Moment } from '../ui/time.tsx'
import classes from './provider-mark.module.css'
import { fallBackOf, standingOf } from './say-verdict.ts'

interface MarkProps {
  provider: Provider
  isOld: boolean
}

/** How it stands, and since when. */
export function ProviderMark({ provider, isOld }: MarkProps) {
  const { mark, word, since } = standingOf(provider, isOld)
  const shown = mark ? <StateMark state={mark}>{word}</StateMark> : <PlainMark>{word}</PlainMark>
  if (!since) return shown
  return (
    <Explained mark={shown}>
      Since <Moment at={since} />
      <FallBackWord provider={provider} />
    </Explained>
  )
}

/** Where a list has no room for the column of it: nothing while it is closed. */
function FallBackWord({ provider: { verdict } }: Pick<MarkProps, 'provider'>) {
  const { serverNowMs } = useClock()
  const { is } = fallBackOf(verdict, serverNowMs)
  if (is === 'closed') return null
  return <span className={classes.narrow}>Fall-back {words[is]}</span>
}

const words = { open: 'open', 'by-policy': 'by policy', forced: 'forced open', forbidden: 'forbidden' }

/** Whether people are sent another way. */
export function FallBackMark({ provider: { verdict, is_enabled }, isOld }: MarkProps) {
  const { serverNowMs } = useClock()
  const fallBack = fallBackOf(verdict, serverNowMs)
  if (!is_enabled) return <PlainMark>Not in use</PlainMark>
  if (isOld) return <StateMark state="unknown">Not known</StateMark>
  switch (fallBack.is) {
    case 'closed':
      return <PlainMark>Closed</PlainMark>
    case 'by-policy':
      return <Explained mark={<StateMark state="unknown">By policy</StateMark>}>Open where one says so</Explained>
    case 'open':
      return (
        <Explained mark={<StateMark state="degraded">Open</StateMark>}>
          Since <Moment at={fallBack.since} />
        </Explained>
      )
    case 'forced':
    case 'forbidden':
      return (
        <Explained
          mark={<StateMark state="degraded">{fallBack.is === 'forced' ? 'Forced open' : 'Forbidden'}</StateMark>}
        >
          Until <Moment at={fallBack.until} />
        </Explained>
      )
  }
}
