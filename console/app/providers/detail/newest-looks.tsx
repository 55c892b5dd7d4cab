import { useQuery } from '@tanstack/react-query'
import { evidenceKinds } from '../../api/wire/providers.ts'
import { to } from '../../paths.ts'
import { Reading } from '../../reading/reading.tsx'
import { Card } from '../../ui/card.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Ago } from '../../ui/time.tsx'
import { evidenceQuery } from '../read-providers.ts'
import { type Look, markOfOutcome, newestLooks, sayKind, sayOutcome, sayTook } from '../say-evidence.ts'
import classes from './newest-looks.module.css'

/** What each process of access was answered last, question by question. */
export function NewestLooks({ providerId }: { providerId: string }) {
  return (
    <Card
      title="Newest looks, by process"
      aside={<TextLink to={to.provider(providerId, { part: 'evidence' })}>All evidence</TextLink>}
    >
      <Reading query={useQuery(evidenceQuery(providerId))} about="evidence" waiting={<RowsToCome rows={2} />}>
        {({ data }, seen) =>
          data.length === 0 ? (
            <p className={classes.none}>
              <StateMark state="unknown">Nothing was seen within the last hour</StateMark>
            </p>
          ) : (
            <Looks looks={newestLooks(data)} isOld={seen.isOld} />
          )
        }
      </Reading>
    </Card>
  )
}

function Looks({ looks, isOld }: { looks: readonly Look[]; isOld: boolean }) {
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label="Newest looks, by process" data-old={isOld || undefined}>
        <thead>
          <tr>
            <th scope="col">Process</th>
            {evidenceKinds.map((kind) => (
              <th key={kind} scope="col">
                {sayKind(kind)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {looks.map((look) => (
            <tr key={look.process}>
              <th scope="row">
                <code title={look.process}>{look.process}</code>
                <span className={classes.beneath}>
                  <Ago at={look.at} />
                </span>
              </th>
              {evidenceKinds.map((kind) => (
                <td key={kind} data-head={sayKind(kind)}>
                  <OneAnswer answer={look.answers.get(kind)} isOld={isOld} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function OneAnswer({ answer, isOld }: { answer: ReturnType<Look['answers']['get']>; isOld: boolean }) {
  if (!answer) return <span className={classes.beneath}>Not asked</span>
  return (
    <>
      <StateMark state={isOld ? 'unknown' : markOfOutcome(answer.outcome)}>
        {isOld ? `Was: ${sayOutcome(answer)}` : sayOutcome(answer)}
      </StateMark>
      <span className={classes.beneath}>
        {sayTook(answer.took_ms)}, <Ago at={answer.seen_at} />
      </span>
    </>
  )
}
