import type { Provider } from '../../api/wire/providers.ts'
import type { ProviderAsk } from '../provider-search.ts'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { ActButton } from '../../ui/act-button.tsx'
import { useClock } from '../../ui/clock.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Time } from '../../ui/time.tsx'
import { secretStanding } from '../say-verdict.ts'

/** An outage that can be seen a month before. */
export function SecretNotice({ provider, onAsk }: { provider: Provider; onAsk: (ask: ProviderAsk) => void }) {
  const { serverNowMs } = useClock()
  const reason = useReasonNotTo('providers:write')
  const standing = secretStanding(provider, serverNowMs)
  if ((standing !== 'soon' && standing !== 'over') || !provider.client_secret_expires_at) return null
  return (
    <Notice
      state={standing === 'over' ? 'failing' : 'degraded'}
      title={standing === 'over' ? 'The client secret has expired' : 'The client secret expires soon'}
      actions={
        <ActButton variant="default" reason={reason} onClick={() => onAsk('secret')}>
          Replace the secret
        </ActButton>
      }
    >
      <p>
        {standing === 'over' ? 'It ended' : 'It ends'} <Time at={provider.client_secret_expires_at} />. Without a good
        one {provider.name} refuses every sign-in, and that is no outage: the fall-back stays closed.
      </p>
    </Notice>
  )
}
