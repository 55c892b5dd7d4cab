import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { to } from '../../paths.ts'
import { ReadAt, Reading } from '../../reading/reading.tsx'
import { sayCount } from '../../ui/moment.ts'
import { Empty } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { NoSuchProvider } from '../detail/no-such-provider.tsx'
import { ProviderTabs } from '../provider-tabs.tsx'
import { providerQuery } from '../read-providers.ts'
import { CountedAt } from './counted-at.tsx'
import { OrganizationTable } from './organizations-ready.tsx'
import { organizationsReadyQuery } from './read-readiness.ts'
import classes from './readiness.module.css'

export const crumb = 'Organisations'

export function loader(client: QueryClient, providerId: string, cursor: string | undefined) {
  void client.prefetchQuery(organizationsReadyQuery(providerId, cursor))
  void client.prefetchQuery(providerQuery(providerId))
}

/** All organisations whose people come through a provider, the worst first. */
export function OrganizationsReadyPage() {
  const { providerId } = useParams({ from: '/providers/readiness/$providerId/organizations' })
  const { cursor } = useSearch({ from: '/providers/readiness/$providerId/organizations' })
  const name = useQuery(providerQuery(providerId)).data?.name ?? providerId
  const link = (next: string | undefined) => to.readinessOrganizations(providerId, { cursor: next })
  return (
    <Page
      title={`If ${name} died now, by organisation`}
      purpose="Where most people would be kept out comes first."
      tabs={<ProviderTabs here="Readiness" />}
    >
      <Reading
        query={useQuery(organizationsReadyQuery(providerId, cursor))}
        about="readiness by organisation"
        waiting={<RowsToCome />}
        notFound={<NoSuchProvider />}
      >
        {({ data, next_cursor }, seen) =>
          data.length === 0 ? (
            <Empty title="No organisation was counted yet">
              <p>Whoever comes through this provider is counted every ten minutes.</p>
            </Empty>
          ) : (
            <>
              <div className={classes.card}>
                <OrganizationTable providerId={providerId} organizations={data} />
              </div>
              <Pager first={cursor ? link(undefined) : null} next={next_cursor ? link(next_cursor) : null}>
                <span>{sayCount(data.length, 'organisation')} on this page</span>
                <CountedAt at={data[0]?.counted_at ?? null} isOld={seen.isOld} />
                <ReadAt seen={seen} />
              </Pager>
            </>
          )
        }
      </Reading>
    </Page>
  )
}
