import { Code } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { applicationsQuery } from '../../applications/read-applications.ts'
import type { FlagFleet } from '../../api/wire/flags.ts'
import { to } from '../../paths.ts'
import { ReadAt, Reading } from '../../reading/reading.tsx'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { Card } from '../../ui/card.tsx'
import { sayCount, sayNumber } from '../../ui/moment.ts'
import { Empty } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Ago, Moment } from '../../ui/time.tsx'
import { FlagTabs } from '../flag-tabs.tsx'
import { fleetQuery } from '../read-flags.ts'
import classes from './fleet-page.module.css'
import { type ApplicationFleet, groupFleet, type NumberGroup, sayNumberOf } from './group-fleet.ts'

export const crumb = 'Fleet'

export function loader(client: QueryClient) {
  void client.prefetchQuery(fleetQuery)
}

/** More lines of one kind are counted, not listed. */
const LINES_MAX = 20
/** Of processes that are behind, as many names as stand in a line. */
const NAMES_MAX = 3

/** Who evaluates flags, by which number, and who answers with defaults or refuses what was offered. */
export function FleetPage() {
  const mayNotName = useReasonNotTo('applications:read')
  const applications = useQuery({ ...applicationsQuery({}), enabled: mayNotName === null })
  const names = new Map((applications.data?.data ?? []).map(({ id, name }) => [id, name]))
  return (
    <Page
      title="Fleet"
      purpose="Every process that answers flags, and the number it is on. Each reports once a minute."
      tabs={<FlagTabs here="Fleet" />}
    >
      <Reading query={useQuery(fleetQuery)} about="fleet" waiting={<RowsToCome rows={4} />}>
        {(fleet, seen) => (
          <div className={classes.fleet}>
            <Headline fleet={fleet} />
            {groupFleet(fleet).map((group) => (
              <OneApplication key={group.application} group={group} name={names.get(group.application)} />
            ))}
            {fleet.data.every(({ application }) => application === 'access') && <NobodyYet />}
            <p className={classes.foot}>
              <ReadAt seen={seen} /> A process that has not reported for five minutes is not listed.
            </p>
          </div>
        )}
      </Reading>
    </Page>
  )
}

/** `412 processes on e3.s1893, 3 on e3.s1871 since 14:02`. */
function Headline({ fleet }: { fleet: FlagFleet }) {
  const { epoch, seq, data } = fleet
  const apps = data.filter(({ application }) => application !== 'access')
  const [all] = groupFleet({ ...fleet, data: apps.map((member) => ({ ...member, application: 'all' })) })
  const [first, ...others] = all?.numbers ?? []
  return (
    <div className={classes.headline}>
      <p className={classes.sentence}>
        {first ? (
          <>
            {sayCount(first.processes, 'process', 'processes')} on <Code>{first.number}</Code>
            {others.map((group) => (
              <span key={group.number}>
                , {sayNumber(group.processes)} on <Code>{group.number}</Code>
                {group.state === 'behind' && group.confirmedAt && (
                  <>
                    {' '}
                    since <Moment at={group.confirmedAt} />
                  </>
                )}
              </span>
            ))}
          </>
        ) : (
          'No application reports yet'
        )}
      </p>
      <p className={classes.quiet}>
        {epoch === null || seq === null ? (
          <StateMark state="unknown">Access has no flags itself yet</StateMark>
        ) : (
          <>
            Access serves <Code>{sayNumberOf({ epoch, seq })}</Code>
          </>
        )}
      </p>
    </div>
  )
}

function OneApplication({ group, name }: { group: ApplicationFleet; name: string | undefined }) {
  const { application, processes, numbers, fallbacks, faults } = group
  const isAccess = application === 'access'
  const title = isAccess ? 'Access itself' : (name ?? application)
  return (
    <Card
      title={title}
      aside={
        isAccess ? (
          sayCount(processes, 'process', 'processes')
        ) : (
          <>
            {sayCount(processes, 'process', 'processes')} ·{' '}
            <TextLink to={to.application(application)}>{application}</TextLink>
          </>
        )
      }
    >
      <ul className={classes.lines} aria-label={`Numbers of ${title}`}>
        {numbers.map((each) => (
          <OnNumber key={each.number} group={each} />
        ))}
        {faults.slice(0, LINES_MAX).map(({ instance, code, detail, at }) => (
          <li key={`${instance} ${code}`} className={classes.line}>
            <StateMark state="failing">Does not follow: {code}</StateMark>
            <span className={classes.detail}>
              {detail} Told by <Code>{instance}</Code> <Ago at={at} />. It goes on answering by what it has.
            </span>
          </li>
        ))}
        {faults.length > LINES_MAX && <li className={classes.line}>And {faults.length - LINES_MAX} more.</li>}
        {fallbacks.slice(0, LINES_MAX).map(([flag, times]) => (
          <li key={flag} className={classes.line}>
            <StateMark state="degraded">
              Default of the code served {sayCount(times, 'time')}: <TextLink to={to.flag(flag)}>{flag}</TextLink>
            </StateMark>
            <span className={classes.detail}>
              It asks for a flag that it has not got. Is the key spelled so, and is the flag not archived?
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

const marks = { current: 'ok', reported: 'ok', behind: 'degraded', unknown: 'unknown' } as const

function OnNumber({ group }: { group: NumberGroup }) {
  const { number, processes, state, notLive, confirmedAt, instances } = group
  const more = instances.length - NAMES_MAX
  return (
    <li className={classes.line}>
      <StateMark state={notLive > 0 && marks[state] === 'ok' ? 'degraded' : marks[state]}>
        {sayCount(processes, 'process', 'processes')} on {number}
      </StateMark>
      <span className={classes.detail}>
        {state === 'reported' &&
          'The newest when they last reported; what was changed since shows at their next report. '}
        {state === 'behind' && (
          <>
            Behind{' '}
            {confirmedAt && (
              <>
                since <Moment at={confirmedAt} />
              </>
            )}
            : {instances.slice(0, NAMES_MAX).join(', ')}
            {more > 0 && ` and ${more} more`}.{' '}
          </>
        )}
        {notLive > 0 &&
          `${sayCount(notLive, 'process answers', 'processes answer')} from disk, or by what the app was shipped with.`}
      </span>
    </li>
  )
}

function NobodyYet() {
  return (
    <Empty title="No application reports yet">
      <p>
        An application that asks flags by the SDK for servers reports by itself, once a minute. Those that ask over
        OFREP are answered by access, and so are as new as it is.
      </p>
    </Empty>
  )
}
