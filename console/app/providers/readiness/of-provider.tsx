import { useQuery } from '@tanstack/react-query'
import { to } from '../../paths.ts'
import { Reading } from '../../reading/reading.tsx'
import { Card } from '../../ui/card.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { AbleBar } from './able-bar.tsx'
import { CountedAt } from './counted-at.tsx'
import { readinessQuery } from './read-readiness.ts'
import classes from './readiness.module.css'

/** On the page of one provider: who could go on if it died now. */
export function OfProvider({ providerId, name }: { providerId: string; name: string }) {
  return (
    <Card title={`If ${name} died now`} aside={<TextLink to={to.readiness()}>Readiness</TextLink>}>
      <div className={classes.body}>
        <Reading query={useQuery(readinessQuery)} about="readiness" waiting={<RowsToCome rows={2} />}>
          {({ data }, seen) => {
            const its = data.find(({ provider }) => provider.id === providerId)
            if (!its) return <StateMark state="unknown">Not counted yet: it is counted every ten minutes</StateMark>
            return (
              <>
                <p className={classes.sentence}>{its.sentence}</p>
                <AbleBar counted={its} />
                <p className={classes.foot}>
                  <CountedAt at={its.counted_at} isOld={seen.isOld} />
                  {its.able.no > 0 && <TextLink to={to.readinessPeople(providerId)}>Who could not, and why</TextLink>}
                </p>
              </>
            )
          }}
        </Reading>
      </div>
    </Card>
  )
}
