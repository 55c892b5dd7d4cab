import type { Provider } from '../api/wire/providers.ts'
import { useClock } from '../ui/clock.tsx'
import { Explained, PlainMark } from '../ui/plain-mark.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import { Ago } from '../ui/time.tsx'
import { secretStanding } from './say-verdict.ts'

/** When its client secret ends: afterwards nobody gets in through it. */
export function SecretMark({ provider }: { provider: Provider }) {
  const { serverNowMs } = useClock()
  const at = provider.client_secret_expires_at
  switch (secretStanding(provider, serverNowMs)) {
    case 'none':
      return <PlainMark>None needed</PlainMark>
    case 'undated':
      return <PlainMark>No date known</PlainMark>
    case 'over':
      return <Explained mark={<StateMark state="failing">Expired</StateMark>}>{at && <Ago at={at} />}</Explained>
    case 'soon':
      return <Explained mark={<StateMark state="degraded">Expires</StateMark>}>{at && <Ago at={at} />}</Explained>
    case 'good':
      return <Explained mark={<StateMark state="ok">Good</StateMark>}>Ends {at && <Ago at={at} />}</Explained>
  }
}
