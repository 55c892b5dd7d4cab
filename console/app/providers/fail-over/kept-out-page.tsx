import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import type { FailOverRefusal } from '../../api/wire/fail-over.ts'
import { OrganizationFilter } from '../../list/pick-filters.tsx'
import { to } from '../../paths.ts'
import { ReadAt, Reading, type Seen } from '../../reading/reading.tsx'
import { Card } from '../../ui/card.tsx'
import { sayCount, sayNumber } from '../../ui/moment.ts'
import { Empty } from '../../ui/notice.tsx'
import { Filters, Page } from '../../ui/page.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Moment } from '../../ui/time.tsx'
import type { KeptOutSearch } from '../provider-search.ts'
import { ProviderTabs } from '../provider-tabs.tsx'
import classes from './kept-out.module.css'
import { byOrganization, type CountedReason, type KeptOut, sayReason } from './kept-out.ts'
import { refusalsQuery } from './read-fail-over.ts'

export const crumb = 'Kept out'

/** As far as access counts back, and as many rows as one answer of it has. */
const DAYS = 31
const ROWS_MAX = 200

export function loader(client: QueryClient, search: KeptOutSearch) {
  void client.prefetchQuery(refusalsQuery(search))
}

/** What nobody sees otherwise: a policy that keeps people out in an outage is as silent as one that works. */
export function KeptOutPage() {
  const search = useSearch({ from: '/providers/kept-out' })
  return (
    <Page
      title="Kept out"
      purpose="Sign-ins of people who had shown who they are and were not let in while their provider was down, because of the policy of their organisation. Counted by the hour; nobody is named."
      tabs={<ProviderTabs here="Kept out" />}
    >
      <Filters>
        <OrganizationFilter
          width="pick"
          value={search.organization}
          linkFor={(organization) => to.keptOut({ organization })}
        />
      </Filters>
      <Reading query={useQuery(refusalsQuery(search))} about="sign-ins that were kept out" waiting={<RowsToCome />}>
        {({ data }, seen) =>
          data.length > 0 ? <Shown refusals={data} seen={seen} /> : search.organization ? <NobodyOfIt /> : <Nobody />
        }
      </Reading>
    </Page>
  )
}

function Shown({ refusals, seen }: { refusals: readonly FailOverRefusal[]; seen: Seen }) {
  const all = byOrganization(refusals)
  const total = all.reduce((sum, { count }) => sum + count, 0)
  return (
    <div className={classes.all}>
      <p className={classes.sentence}>
        {sayCount(total, 'sign-in')} {total === 1 ? 'was' : 'were'} kept out within the last {DAYS} days, by the policy
        of {all.length === 1 ? 'one organisation' : `${sayNumber(all.length)} organisations`}.
      </p>
      {all.map((one) => (
        <OneOrganization key={one.organization.id} of={one} isOld={seen.isOld} />
      ))}
      <p className={classes.note}>
        {refusals.length >= ROWS_MAX &&
          'There are older counts than are shown: choose an organisation to see its own. '}
        <ReadAt seen={seen} />
      </p>
    </div>
  )
}

function OneOrganization({ of: { organization, count, reasons }, isOld }: { of: KeptOut; isOld: boolean }) {
  const { id, name } = organization
  return (
    <Card title={name ?? id} aside={name === null ? 'This organisation is gone' : sayCount(count, 'sign-in')}>
      <div className={classes.body} data-old={isOld || undefined}>
        <ul className={classes.reasons} aria-label={`Why, at ${name ?? id}`}>
          {reasons.map((one) => (
            <OneReason key={one.reason} of={one} />
          ))}
        </ul>
        {name !== null && (
          <p className={classes.policy}>
            <TextLink to={to.organization(id, { part: 'sign-in' })}>Its sign-in policy</TextLink>
          </p>
        )}
      </div>
    </Card>
  )
}

function OneReason({ of: { reason, count, first, last } }: { of: CountedReason }) {
  const { why, toDo } = sayReason(reason)
  return (
    <li>
      <span className={classes.count}>{sayNumber(count)} ×</span>
      <div>
        <p className={classes.why}>{why}</p>
        <p>{toDo}</p>
        <p className={classes.when}>
          {first !== last && (
            <>
              First in the hour from <Moment at={first} />, last{' '}
            </>
          )}
          {first === last ? 'In' : 'in'} the hour from <Moment at={last} />
        </p>
      </div>
    </li>
  )
}

function Nobody() {
  return (
    <Empty title="Fail-over kept nobody out within the last 31 days">
      <p>
        While a provider is down, an organisation that demands it or a second factor takes nothing less. Whoever is not
        let in for such a reason is counted here, with what would let them in next time.
      </p>
    </Empty>
  )
}

function NobodyOfIt() {
  return (
    <Empty
      title="Fail-over kept nobody of this organisation out within the last 31 days"
      action={
        <Button variant="default" renderRoot={(props) => <Link {...props} {...to.keptOut()} />}>
          Show all organisations
        </Button>
      }
    >
      <p>Either its provider was not down, or its policy let in everybody who came.</p>
    </Empty>
  )
}
