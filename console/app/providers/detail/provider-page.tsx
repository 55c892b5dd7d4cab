import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Provider } from '../../api/wire/providers.ts'
import { to } from '../../paths.ts'
import type { ProviderSearch } from '../provider-search.ts'
import { Reading, type Seen } from '../../reading/reading.tsx'
import { LinkTabs } from '../../ui/link-tabs.tsx'
import { Page } from '../../ui/page.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { presetWords } from '../presets.ts'
import { evidenceQuery, providerQuery } from '../read-providers.ts'
import { EvidenceList } from './evidence-list.tsx'
import { NoSuchProvider } from './no-such-provider.tsx'
import { ProviderActions } from './provider-actions.tsx'
import { ProviderAsked } from './provider-asks.tsx'
import { ProviderSettings } from './provider-settings.tsx'
import { ProviderState } from './provider-state.tsx'
import { VerdictHistory } from './verdict-history.tsx'

export const crumb = 'Provider'

export function loader(client: QueryClient, providerId: string) {
  void client.prefetchQuery(providerQuery(providerId))
  void client.prefetchQuery(evidenceQuery(providerId))
}

/** A page of its own: how it stands, what that rests on, what was held of it before, and its settings. */
export function ProviderPage() {
  const { providerId } = useParams({ from: '/providers/$providerId' })
  const search = useSearch({ from: '/providers/$providerId' })
  const navigate = useNavigate()
  const provider = useQuery(providerQuery(providerId))
  const ask = (asked: ProviderSearch['ask']) => void navigate(to.provider(providerId, { ...search, ask: asked }))
  const tab = (name: string, part: ProviderSearch['part']) => ({
    name,
    link: to.provider(providerId, { part }),
    isHere: search.part === part,
  })
  const tabs = [
    tab('State', undefined),
    tab('Evidence', 'evidence'),
    tab('History', 'history'),
    tab('Settings', 'settings'),
  ]
  return (
    <Page
      title={provider.data?.name ?? providerId}
      purpose={purposeOf(provider.data)}
      actions={provider.data && <ProviderActions provider={provider.data} onAsk={ask} />}
      tabs={provider.data && <LinkTabs label={`Parts of ${provider.data.name}`} tabs={tabs} />}
    >
      <Reading query={provider} about="provider" waiting={<RowsToCome rows={6} />} notFound={<NoSuchProvider />}>
        {(data, seen) => <OneProvider key={data.id} provider={data} seen={seen} search={search} onAsk={ask} />}
      </Reading>
    </Page>
  )
}

const purposeOf = (provider: Provider | undefined) =>
  provider
    ? `${presetWords[provider.preset]?.name ?? provider.preset}, ${provider.issuer}`
    : 'How it stands, what that rests on, and its settings.'

interface OneProviderProps {
  provider: Provider
  seen: Seen
  search: ProviderSearch
  onAsk: (ask: ProviderSearch['ask']) => void
}

function OneProvider({ provider, seen, search: { part, ask, cursor }, onAsk }: OneProviderProps) {
  return (
    <>
      {part === undefined && <ProviderState provider={provider} seen={seen} onAsk={onAsk} />}
      {part === 'evidence' && <EvidenceList provider={provider} cursor={cursor} />}
      {part === 'history' && <VerdictHistory provider={provider} cursor={cursor} />}
      {part === 'settings' && <ProviderSettings provider={provider} seen={seen} onAsk={onAsk} />}
      <ProviderAsked provider={provider} ask={ask} onClose={() => onAsk(undefined)} />
    </>
  )
}
