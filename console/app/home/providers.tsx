import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReadinessOf } from '../api/wire/fail-over.ts'
import type { Provider } from '../api/wire/providers.ts'
import { to } from '../paths.ts'
import { Exercised } from '../providers/fail-over/exercised.tsx'
import { FallBackMark, ProviderMark } from '../providers/provider-mark.tsx'
import { providersQuery } from '../providers/read-providers.ts'
import { readinessQuery } from '../providers/readiness/read-readiness.ts'
import { Reading } from '../reading/reading.tsx'
import { useReasonNotTo } from '../reading/use-may.ts'
import { Card } from '../ui/card.tsx'
import { sayNumber } from '../ui/moment.ts'
import { StateMark } from '../ui/state-mark.tsx'
import { TextLink } from '../ui/text-link.tsx'
import classes from './providers.module.css'

/** Each way in through somebody else: how it stands, and who could go on without it. Nothing where there is none. */
export function Providers() {
  const enabled = useReasonNotTo('providers:read') === null
  const providers = useQuery({ ...providersQuery(), enabled })
  const readiness = useQuery({ ...readinessQuery, enabled }).data?.data ?? []
  const inUse = providers.data?.data.filter(({ is_enabled }) => is_enabled) ?? []
  if (inUse.length === 0) return null
  return (
    <Card
      title="Sign-in through providers"
      aside={
        <Link {...to.providers()} className={classes.more}>
          All providers
        </Link>
      }
    >
      <Reading query={providers} about="providers" waiting={null}>
        {(_, seen) => (
          <ul className={classes.lines} aria-label="Sign-in through providers">
            {inUse.map((provider) => (
              <OneProvider
                key={provider.id}
                provider={provider}
                readiness={readiness.find((one) => one.provider.id === provider.id)}
                isOld={seen.isOld}
              />
            ))}
          </ul>
        )}
      </Reading>
      <div className={classes.exercised}>
        <Exercised />
      </div>
    </Card>
  )
}

interface OneProviderProps {
  provider: Provider
  readiness: ReadinessOf | undefined
  isOld: boolean
}

function OneProvider({ provider, readiness, isOld }: OneProviderProps) {
  return (
    <li>
      <TextLink to={to.provider(provider.id)}>{provider.name}</TextLink>
      <ProviderMark provider={provider} isOld={isOld} />
      <FallBackMark provider={provider} isOld={isOld} />
      <Ready of={readiness} isOld={isOld} />
    </li>
  )
}

/** `83 % could sign in without it`. */
function Ready({ of, isOld }: { of: ReadinessOf | undefined; isOld: boolean }) {
  if (!of?.counted_at || isOld) return <StateMark state="unknown">Who could go on is not known</StateMark>
  if (of.ready_percent === null) return <span className={classes.faint}>Nobody active comes through it</span>
  return (
    <span>
      {of.ready_percent} % could go on without it
      {of.able.no > 0 && (
        <>
          ; <TextLink to={to.readinessPeople(of.provider.id)}>{sayNumber(of.able.no)} could not</TextLink>
        </>
      )}
    </span>
  )
}
