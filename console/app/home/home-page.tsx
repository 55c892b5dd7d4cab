import { type QueryClient, useQuery } from '@tanstack/react-query'
import type { Outage } from '../reading/outage.ts'
import { useOutage } from '../reading/use-outage.ts'
import { overviewQuery, type SeenOverview } from '../reading/overview.ts'
import { Reading, type Seen } from '../reading/reading.tsx'
import { statisticsQuery } from '../statistics/read-statistics.ts'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { StateGlyph, StateMark } from '../ui/state-mark.tsx'
import { Ago, Lasting, Moment } from '../ui/time.tsx'
import { Changes } from './changes.tsx'
import { Dependencies } from './dependencies.tsx'
import { Figures } from './figures.tsx'
import { type Glance, glanceAt, nameOf } from './glance.ts'
import classes from './home-page.module.css'
import { Now } from './now.tsx'
import { Providers } from './providers.tsx'
import { useFallBack } from './use-fall-back.ts'
import { SignIns } from './sign-ins.tsx'

export const crumb = 'Home'

export function loader(client: QueryClient) {
  void client.prefetchQuery(overviewQuery)
  void client.prefetchQuery(statisticsQuery('hour'))
}

/** One glance, in this order: what is wrong, what cannot be seen, what changed, then figures (look.md). */
export function HomePage() {
  const overview = useQuery(overviewQuery)
  return (
    <Reading query={overview} about="state of this installation" waiting={<RowsToCome />}>
      {(data, seen) => <Home overview={data} seen={seen} />}
    </Reading>
  )
}

function Home({ overview, seen }: { overview: SeenOverview; seen: Seen }) {
  const outage = useOutage()
  const fallBack = useFallBack()
  const glance = glanceAt([...overview.dependencies, ...fallBack], outage)
  return (
    <div className={classes.home}>
      <Headline glance={glance} seen={seen} outage={outage} startedAt={overview.started_at} />
      <div className={classes.columns}>
        <Now glance={glance} />
        <Changes changes={overview.changes} isOld={seen.isOld} />
      </div>
      <div className={classes.columns}>
        <SignIns />
        <Figures figures={overview.figures} outage={outage} />
      </div>
      <Providers />
      <Dependencies dependencies={glance.dependencies} generatedAt={overview.generated_at} />
    </div>
  )
}

interface HeadlineProps {
  glance: Glance
  seen: Seen
  outage: Outage | null
  startedAt: string
}

function Headline({ glance, seen, outage, startedAt }: HeadlineProps) {
  const isSilent = outage?.of === 'access'
  return (
    <header className={classes.headline}>
      <div className={classes.verdict}>
        <StateGlyph state={glance.state} size={20} />
        <h1>
          {isSilent && outage.since ? (
            <>
              Access has not answered since <Moment at={outage.since} />; retrying
            </>
          ) : (
            glance.headline
          )}
        </h1>
      </div>
      <p className={classes.beneath}>
        <span>
          Looked at <Ago at={seen.readAt} />
        </span>
        {!isSilent && (
          <span>
            Running for <Lasting since={startedAt} />
          </span>
        )}
      </p>
      <ul className={classes.strip} aria-label="State of each dependency">
        {glance.dependencies.map(({ name, state, since }) => (
          <li key={name}>
            <StateMark state={state}>
              {nameOf({ name })} {words[state]}
              {state !== 'ok' && since && (
                <>
                  {' '}
                  <Lasting since={since} />
                </>
              )}
            </StateMark>
          </li>
        ))}
      </ul>
    </header>
  )
}

const words = { ok: 'ok', failing: 'failing', unknown: 'unknown' }
