import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import type { Provider } from '../api/wire/providers.ts'
import { ListPage } from '../list/list-page.tsx'
import { api, to } from '../paths.ts'
import type { ProvidersSearch } from './provider-search.ts'
import type { Seen } from '../reading/reading.tsx'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ActButton } from '../ui/act-button.tsx'
import { Empty } from '../ui/notice.tsx'
import { NameCell } from '../ui/name-cell.tsx'
import type { Column } from '../ui/row-table.tsx'
import { useAsking } from '../ui/use-asking.ts'
import { Exercised } from './fail-over/exercised.tsx'
import { exercisesQuery } from './fail-over/read-fail-over.ts'
import { LastFetched } from './last-fetched.tsx'
import { MakeProvider } from './make-provider.tsx'
import { presetWords } from './presets.ts'
import { FallBackMark, ProviderMark } from './provider-mark.tsx'
import { ProviderTabs } from './provider-tabs.tsx'
import { listSearch, providersQuery } from './read-providers.ts'
import { SecretMark } from './secret-mark.tsx'

export const crumb = 'Providers'

export function loader(client: QueryClient, search: ProvidersSearch) {
  void client.prefetchQuery(providersQuery(search))
  void client.prefetchQuery(exercisesQuery)
}

function columnsFor({ isOld }: Seen): readonly Column<Provider>[] {
  return [
    { head: 'State', width: 184, narrow: 140, cell: (provider) => <ProviderMark provider={provider} isOld={isOld} /> },
    { head: 'Fall-back', from: 'medium', width: 140, cell: (one) => <FallBackMark provider={one} isOld={isOld} /> },
    { head: 'Client secret', from: 'wide', width: 148, cell: (provider) => <SecretMark provider={provider} /> },
    {
      head: 'Last fetched',
      from: 'wide',
      width: 168,
      cell: ({ last_fetched }) => <LastFetched at={last_fetched} />,
    },
  ]
}

/** Who vouches for people elsewhere, and whether they can be reached. */
export function ProvidersPage() {
  const search = listSearch(useSearch({ from: '/providers' }))
  const reason = useReasonNotTo('providers:write')
  const [isMaking, { open, close }] = useAsking(search.make === 'yes', {
    asking: to.providers({ ...search, make: 'yes' }),
    silent: to.providers({ ...search, make: undefined }),
  })
  const make = (
    <ActButton reason={reason} onClick={open}>
      Add a provider
    </ActButton>
  )
  return (
    <>
      <ListPage
        title="Providers"
        purpose="Who vouches for your customers’ people elsewhere, and whether they can be reached."
        one="provider"
        many="providers"
        actions={make}
        tabs={
          <>
            <ProviderTabs here="Providers" />
            <Exercised />
          </>
        }
        query={useQuery(providersQuery(search))}
        rowId={({ id }) => id}
        first={{ head: 'Provider', cell: (provider) => <ProviderCell provider={provider} /> }}
        columns={columnsFor}
        linkTo={({ id }) => to.provider(id)}
        search={search}
        linkFor={to.providers}
        csv={{ name: 'providers', path: api.providers, filter: {}, columns: csvColumns }}
        empty={<NoProviders make={make} />}
      />
      {isMaking && <MakeProvider reason={reason} onClose={close} />}
    </>
  )
}

function ProviderCell({ provider: { name, preset, domains } }: { provider: Provider }) {
  return <NameCell name={name}>{[presetWords[preset]?.name ?? preset, ...domains].join(' · ')}</NameCell>
}

function NoProviders({ make }: { make: React.ReactNode }) {
  return (
    <Empty title="There is no provider yet: everybody signs in here" action={make}>
      <p>
        A provider is where a customer’s people have their account already: Auth0, Google, Entra, Okta, Keycloak, or any
        other that speaks OpenID Connect. Whoever comes through one goes on signing in to the same account when it is
        down, by a passkey or a code, as far as their organisation allows.
      </p>
    </Empty>
  )
}

const csvColumns = [
  { head: 'id', value: ({ id }: Provider) => id },
  { head: 'name', value: ({ name }: Provider) => name },
  { head: 'preset', value: ({ preset }: Provider) => preset },
  { head: 'issuer', value: ({ issuer }: Provider) => issuer },
  { head: 'domains', value: ({ domains }: Provider) => domains },
  { head: 'is_enabled', value: ({ is_enabled }: Provider) => is_enabled },
  { head: 'state', value: ({ verdict }: Provider) => verdict?.state ?? 'not seen' },
  { head: 'since', value: ({ verdict }: Provider) => verdict?.since ?? null },
  { head: 'open_since', value: ({ verdict }: Provider) => verdict?.open_since ?? null },
  { head: 'client_secret_expires_at', value: ({ client_secret_expires_at }: Provider) => client_secret_expires_at },
]
