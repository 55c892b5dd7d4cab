import { useNavigate } from '@tanstack/react-router'
import { call } from '../../api/call.ts'
import type { Provider } from '../../api/wire/providers.ts'
import { AskDeed } from '../../form/ask-deed.tsx'
import { api, to } from '../../paths.ts'
import type { ProviderAsk } from '../provider-search.ts'
import { EditProvider } from './edit-provider.tsx'
import { ClearOrder, OrderFallBack } from './order-fall-back.tsx'
import { ReplaceSecret } from './replace-secret.tsx'
import { TestProvider } from './test-provider.tsx'

interface AskProps {
  provider: Provider
  onClose: () => void
}

/** The form or question that the address holds open. */
export function ProviderAsked({ ask, ...props }: AskProps & { ask: ProviderAsk | undefined }) {
  switch (ask) {
    case 'edit':
      return <EditProvider {...props} />
    case 'secret':
      return <ReplaceSecret {...props} />
    case 'test':
      return <TestProvider {...props} />
    case 'enable':
      return <Enable {...props} />
    case 'disable':
      return <Disable {...props} />
    case 'delete':
      return <Remove {...props} />
    case 'force':
      return <OrderFallBack {...props} ordered="open" />
    case 'forbid':
      return <OrderFallBack {...props} ordered="closed" />
    case 'clear-order':
      return <ClearOrder {...props} />
    default:
      return null
  }
}

const sayDomains = ({ domains }: Provider) =>
  domains.length === 0 ? 'nobody by their address, for it has no domains yet' : `everybody of ${domains.join(', ')}`

function Enable({ provider, onClose }: AskProps) {
  return (
    <AskDeed
      isOpen
      title={`Enable ${provider.name}?`}
      yes="Enable provider"
      deed={(idempotencyKey) => call({ path: api.providerEnable(provider.id), method: 'POST', idempotencyKey })}
      said={() => ({ title: `${provider.name} is enabled`, message: 'It is watched from now on.' })}
      onClose={onClose}
    >
      <p>
        The sign-in page offers <strong>{provider.name}</strong> to {sayDomains(provider)}. Passkeys and codes go on as
        before, as far as each organisation allows.
      </p>
    </AskDeed>
  )
}

function Disable({ provider, onClose }: AskProps) {
  return (
    <AskDeed
      isOpen
      title={`Disable ${provider.name}?`}
      yes="Disable provider"
      isDestructive
      deed={(idempotencyKey) => call({ path: api.providerDisable(provider.id), method: 'POST', idempotencyKey })}
      said={() => ({ title: `${provider.name} is disabled`, message: 'Nobody is sent there any more.' })}
      onClose={onClose}
    >
      <p>
        Nobody can come in through <strong>{provider.name}</strong> until it is enabled again. Whoever is signed in
        stays signed in. Nobody of an organisation that demands it can sign in at all: that is no fail-over. If it is
        down, force the fall-back open instead.
      </p>
    </AskDeed>
  )
}

function Remove({ provider, onClose }: AskProps) {
  const navigate = useNavigate()
  return (
    <AskDeed
      isOpen
      title={`Remove ${provider.name}?`}
      yes="Remove provider"
      isDestructive
      typeName={provider.name}
      deed={(idempotencyKey) => call({ path: api.provider(provider.id), method: 'DELETE', idempotencyKey })}
      said={() => ({ title: `${provider.name} is removed`, message: 'Accounts and sessions stay.' })}
      onDone={() => void navigate({ ...to.providers(), replace: true })}
      onClose={onClose}
    >
      <p>
        Nobody can come in through <strong>{provider.name}</strong> any more, and what is known of it goes: its
        settings, secret, keys, evidence and history. People keep their accounts and sessions, and sign in by a passkey
        or a code where their organisation allows it.
      </p>
    </AskDeed>
  )
}
