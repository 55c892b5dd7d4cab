import type { Dependency } from '../api/wire.ts'
import { Card } from '../ui/card.tsx'
import { useClock } from '../ui/clock.tsx'
import { sayDistance } from '../ui/moment.ts'
import { StateMark } from '../ui/state-mark.tsx'
import { Lasting, Moment } from '../ui/time.tsx'
import classes from './dependencies.module.css'
import { nameOf, sentenceOf } from './glance.ts'

interface DependenciesProps {
  dependencies: readonly Dependency[]
  generatedAt: string
}

/** All that access leans on, each with its state, since when, how fresh that is, and a plain sentence. */
export function Dependencies({ dependencies, generatedAt }: DependenciesProps) {
  return (
    <Card title="Dependencies">
      <table className={classes.table} aria-label="Dependencies">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col" className={classes.since}>
              Since
            </th>
            <th scope="col" className={classes.detail}>
              What is seen
            </th>
            <th scope="col" className={classes.looked}>
              Looked at
            </th>
          </tr>
        </thead>
        <tbody>
          {dependencies.map((dependency) => (
            <tr key={dependency.name}>
              <th scope="row">
                {nameOf(dependency)}
                <span className={classes.narrow}>{sentenceOf(dependency)}</span>
              </th>
              <td>
                <StateMark state={dependency.state} />
              </td>
              <td className={classes.since}>
                {dependency.since ? (
                  <>
                    <Moment at={dependency.since} />{' '}
                    <span className={classes.faint}>
                      <Lasting since={dependency.since} />
                    </span>
                  </>
                ) : (
                  <span className={classes.faint}>Not known</span>
                )}
              </td>
              <td className={classes.detail}>{sentenceOf(dependency)}</td>
              <td className={classes.looked}>
                <LookedAt dependency={dependency} generatedAt={generatedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}

function LookedAt({ dependency, generatedAt }: { dependency: Dependency; generatedAt: string }) {
  const { serverNowMs } = useClock()
  if (dependency.age_ms === null) return <span className={classes.faint}>Not yet</span>
  const ageMs = dependency.age_ms + Math.max(0, serverNowMs - Date.parse(generatedAt))
  return <span className={classes.faint}>{sayDistance(serverNowMs - ageMs, serverNowMs)}</span>
}
