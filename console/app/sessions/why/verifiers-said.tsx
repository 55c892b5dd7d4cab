import type { VerdictCount, Verifiers } from '../../api/wire/sessions.ts'
import { sayDuration, sayNumber } from '../../ui/moment.ts'
import { StateGlyph, StateMark } from '../../ui/state-mark.tsx'
import { OutageBand } from './outage-band.tsx'
import { sayTime, sayUnknown, sum } from './say-end.ts'
import classes from './verifiers-said.module.css'

interface Verifier {
  id: string
  of: string
  name: string
  verdicts: VerdictCount[]
  lagMs: number | null
  awayMs: number
  vanished: number
}

/** What every verifier answered at that hour. What nobody told is said to be unknown, and is not a nought. */
export function VerifiersSaid({ verifiers, endedAt }: { verifiers: Verifiers; endedAt: string | null }) {
  const { window } = verifiers
  const rows = rowsOf(verifiers)
  return (
    <section className={classes.said} aria-label="What the verifiers said">
      <h3 className={classes.title}>
        What the verifiers said, {sayTime(window.from)} to {sayTime(window.to)}
      </h3>
      <OutageBand verifiers={verifiers} endedAt={endedAt} />
      {rows.length === 0 ? (
        <p className={classes.none}>
          <StateMark state="unknown">No verifier has told of this time</StateMark>. None was running, none has reported
          yet, or it is past its retention.
        </p>
      ) : (
        <VerifierTable rows={rows} />
      )}
    </section>
  )
}

function rowsOf({ access, applications }: Verifiers): Verifier[] {
  const own = access.map(({ process, verdicts, vanished, database_away_ms }) => {
    return {
      id: `access ${process}`,
      of: 'Access',
      name: process,
      verdicts,
      lagMs: null,
      awayMs: database_away_ms,
      vanished,
    }
  })
  const theirs = applications.flatMap(({ application, instances }) =>
    instances.map(({ name, verdicts, lag_ms, access_away_ms }) => {
      const of = application.name ?? application.id
      return { id: `${application.id} ${name}`, of, name, verdicts, lagMs: lag_ms, awayMs: access_away_ms, vanished: 0 }
    }),
  )
  return [...own, ...theirs]
}

function VerifierTable({ rows }: { rows: readonly Verifier[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable with the keyboard.
    <section className={classes.frame} tabIndex={0} aria-label="Answers by verifier">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Verifier</th>
            <th scope="col">Unknown</th>
            <th scope="col">Valid</th>
            <th scope="col">Invalid</th>
            <th scope="col" title="The oldest its knowledge of ends became">
              Lag
            </th>
            <th
              scope="col"
              title="How long what it asks did not answer: the database for access, access for the others"
            >
              Away
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                {row.of}
                <span className={classes.instance}>{row.name}</span>
              </th>
              <td>
                <Unknown verdicts={of(row, 'unknown')} />
                {row.vanished > 0 && (
                  <span className={classes.vanished}>{sayNumber(row.vanished)} gone without an end</span>
                )}
              </td>
              <td>{sayNumber(sum(of(row, 'valid')))}</td>
              <td>
                {sayNumber(sum(of(row, 'invalid')))}
                <Reasons verdicts={of(row, 'invalid')} />
              </td>
              <td>{row.lagMs === null ? '–' : sayLag(row.lagMs)}</td>
              <td>{row.awayMs === 0 ? '–' : sayDuration(row.awayMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const of = ({ verdicts }: Verifier, verdict: VerdictCount['verdict']) =>
  verdicts.filter((each) => each.verdict === verdict)

function Reasons({ verdicts }: { verdicts: readonly VerdictCount[] }) {
  const reasons = verdicts.flatMap(({ reason, count }) => (reason ? [`${reason} ${sayNumber(count)}`] : []))
  return reasons.length > 0 && <span className={classes.reasons}>{reasons.join(', ')}</span>
}

function Unknown({ verdicts }: { verdicts: readonly VerdictCount[] }) {
  const count = sum(verdicts)
  if (count === 0) return '0'
  return (
    <>
      <span className={classes.unknown}>
        <StateGlyph state="unknown" /> {sayNumber(count)}
      </span>
      <span className={classes.reasons}>{verdicts.map(({ reason }) => sayUnknown(reason)).join('; ')}</span>
    </>
  )
}

function sayLag(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
