import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReadinessList, ReadinessOf } from '../../api/wire/fail-over.ts'
import { to } from '../../paths.ts'
import { ReadAt, Reading, type Seen } from '../../reading/reading.tsx'
import { Card } from '../../ui/card.tsx'
import { sayCount, sayNumber } from '../../ui/moment.ts'
import { Empty } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Exercised } from '../fail-over/exercised.tsx'
import { exercisesQuery } from '../fail-over/read-fail-over.ts'
import { ProviderTabs } from '../provider-tabs.tsx'
import { AbleBar } from './able-bar.tsx'
import { CountedAt } from './counted-at.tsx'
import { OrganizationsReady } from './organizations-ready.tsx'
import { readinessQuery } from './read-readiness.ts'
import classes from './readiness.module.css'

export const crumb = 'Readiness'

export function loader(client: QueryClient) {
  void client.prefetchQuery(readinessQuery)
  void client.prefetchQuery(exercisesQuery)
}

/** An outage in figures before it comes: who could go on, who could not, and why. */
export function ReadinessPage() {
  return (
    <Page
      title="Readiness"
      purpose="Who could sign in if a provider died now: known before the day on which it does."
      tabs={
        <>
          <ProviderTabs here="Readiness" />
          <Exercised />
        </>
      }
    >
      <Reading query={useQuery(readinessQuery)} about="readiness" waiting={<RowsToCome rows={5} />}>
        {(readiness, seen) => <Shown readiness={readiness} seen={seen} />}
      </Reading>
    </Page>
  )
}

function Shown({ readiness: { data, active_within_days }, seen }: { readiness: ReadinessList; seen: Seen }) {
  if (data.length === 0) return <NoProvider />
  return (
    <div className={classes.all}>
      {data.map((one) => (
        <OneProvider key={one.provider.id} readiness={one} seen={seen} />
      ))}
      <p className={classes.note}>
        Active is whoever signed in within the last {active_within_days} days and comes through the provider. A mailbox
        at the vendor of the provider does not count: it would be down with it. <ReadAt seen={seen} />
      </p>
    </div>
  )
}

function NoProvider() {
  return (
    <Empty
      title="No provider is in use, so none can keep anybody out"
      action={
        <Button variant="default" renderRoot={(props) => <Link {...props} {...to.providers()} />}>
          Providers
        </Button>
      }
    >
      <p>As soon as one is enabled, everybody who comes through it is counted here every ten minutes.</p>
    </Empty>
  )
}

function OneProvider({ readiness, seen }: { readiness: ReadinessList['data'][number]; seen: Seen }) {
  const { provider, sentence, counted_at, organizations } = readiness
  return (
    <Card title={provider.name} aside={<CountedAt at={counted_at} isOld={seen.isOld} />}>
      <div className={classes.body} data-old={seen.isOld || undefined}>
        <p className={classes.sentence}>{sentence}</p>
        <AbleBar counted={readiness} />
        <div className={classes.columns}>
          <Whys of={readiness} />
          <OrganizationsReady providerId={provider.id} organizations={organizations} />
        </div>
      </div>
    </Card>
  )
}

/** Each reason leads to the people it keeps out. */
function Whys({ of: { provider, whys, able } }: { of: ReadinessOf }) {
  if (whys.length === 0) return null
  return (
    <section className={classes.part}>
      <h3>Why not, or not by passkey</h3>
      <ul className={classes.whys}>
        {whys.map(({ why, means, people }) => (
          <li key={why}>
            <TextLink to={to.readinessPeople(provider.id, { able: 'all', why })}>
              {sayCount(people, 'person', 'people')}
            </TextLink>
            <span>{means}</span>
          </li>
        ))}
      </ul>
      {able.no > 0 && (
        <p className={classes.more}>
          <TextLink to={to.readinessPeople(provider.id)}>The {sayNumber(able.no)} who could not</TextLink>
        </p>
      )}
    </section>
  )
}
