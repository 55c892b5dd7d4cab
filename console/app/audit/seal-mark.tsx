import { Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { AuditSeal } from '../api/wire/audit.ts'
import { useOutage } from '../reading/use-outage.ts'
import { type State, StateMark } from '../ui/state-mark.tsx'
import { Ago, Moment } from '../ui/time.tsx'
import { sealQuery } from './read-audit.ts'
import classes from './seal-mark.module.css'

const states: Record<AuditSeal['verdict'], State> = { intact: 'ok', touched: 'failing', unknown: 'unknown' }

/** How far the audit is sealed, and whether the seals held when they were last looked at. */
export function SealMark() {
  const { data } = useQuery(sealQuery)
  const outage = useOutage()
  if (!data) return null
  const state = outage ? 'unknown' : states[data.verdict]
  return (
    <Tooltip multiline w={320} label={sentences[data.verdict]} events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the sentence is told on focus as well as on hover. */}
      <div className={classes.seal} tabIndex={0} role="note" aria-label="Seal of the audit">
        <StateMark state={state}>
          <Extent seal={data} />
        </StateMark>
        <span className={classes.beneath}>
          {data.verdict === 'touched' && (data.problems[0] ?? 'Something in it was changed')}
          {data.verdict !== 'touched' && data.verified_at && (
            <>
              Intact when looked over <Ago at={data.verified_at} />
            </>
          )}
          {data.verdict !== 'touched' && !data.verified_at && 'Never looked over: holdfast audit verify'}
        </span>
      </div>
    </Tooltip>
  )
}

function Extent({ seal: { verdict, sealed_up_to } }: { seal: AuditSeal }) {
  if (verdict === 'touched') return 'A seal did not hold'
  if (!sealed_up_to) return 'Not sealed yet'
  return (
    <>
      Sealed up to <Moment at={sealed_up_to} />
    </>
  )
}

const sentences: Record<AuditSeal['verdict'], string> = {
  intact:
    'Each batch of entries is sealed over the one before it. All seals held when "holdfast audit verify" last looked.',
  touched:
    'A seal did not hold: an entry was changed or removed after it was sealed. "holdfast audit verify" says which.',
  unknown: 'Entries are sealed, and nobody has looked over the seals yet. Run "holdfast audit verify".',
}
