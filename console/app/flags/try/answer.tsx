import type { ExplainedStep, Explanation } from '@holdfast/sdk/evaluate'
import { IconArrowRight, IconCheck, IconEqual, IconExclamationMark, IconMinus } from '@tabler/icons-react'
import { ShareBar } from '../share-bar.tsx'
import { sayNumber } from '../../ui/moment.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import { sayWhy, stepsWorthTelling } from './say-why.ts'
import classes from './try.module.css'

/** The answer, its reason in a sentence, and then everything that was looked at, in the order of looking. */
export function Answer({ told, from }: { told: Explanation; from: React.ReactNode }) {
  const { evaluation, isCut } = told
  const steps = stepsWorthTelling(told.steps)
  const { value, variant, reason, errorMessage } = evaluation
  return (
    <section className={classes.answer} aria-label={`Answer of ${told.key}`}>
      <div role="status">
        <p className={classes.value}>
          <code>{variant ?? sayValue(value)}</code>
          {variant !== undefined && <span className={classes.quiet}>value {sayValue(value)}</span>}
          <span className={classes.quiet}>{reason}</span>
          {errorMessage && <StateMark state="failing">{evaluation.errorCode}</StateMark>}
        </p>
        <p className={classes.because}>{sayWhy(told)}</p>
      </div>
      <p className={classes.quiet} style={{ margin: 0 }}>
        {from}
      </p>
      {steps.length > 0 && (
        <div>
          <h3 className={classes.part}>Why, step by step</h3>
          <ol className={classes.steps} aria-label="Why, step by step">
            {steps.map((step, at) => (
              // A rule may look at one place twice, so a step has no name but its number.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above.
              <Step key={at} step={step} />
            ))}
          </ol>
          {isCut && <p className={classes.quiet}>There were more steps than are shown.</p>}
        </div>
      )}
    </section>
  )
}

export function sayValue(value: unknown): string {
  return value === undefined || value === null ? 'the default of the code' : JSON.stringify(value)
}

function Step({ step }: { step: ExplainedStep }) {
  const { says, path, depth, bucket } = step
  return (
    <li className={classes.step} style={{ '--depth': String(depth) }}>
      <Sign step={step} />
      <span className={classes.says}>{says}</span>
      <span className={classes.path} title={path}>
        {path.replace(/^\/flags\/[^/]+\/targeting/, '')}
      </span>
      {bucket && <BucketDrawn bucket={bucket} />}
    </li>
  )
}

/** Where somebody fell among the shares: the same place every time, until the shares move past it. */
function BucketDrawn({ bucket }: { bucket: NonNullable<ExplainedStep['bucket']> }) {
  const { weights, variants, position, total } = bucket
  const shares = weights.map((weight, at) => ({ variant: String(variants[at]), weight }))
  return (
    <div className={classes.bucket}>
      <ShareBar shares={shares} position={position} />
      <div className={classes.ends} aria-hidden="true">
        <span>0</span>
        <span>
          falls on {sayNumber(Math.floor(position))}, that is {((position / total) * 100).toFixed(1)} %
        </span>
        <span>{sayNumber(total)}</span>
      </div>
    </div>
  )
}

function Sign({ step: { value, error, operator } }: { step: ExplainedStep }) {
  const size = 14
  if (error !== undefined) return sign('fails', 'failed', <IconExclamationMark size={size} />)
  if (operator === 'if' || operator === 'fractional') return sign('chose', 'chose', <IconArrowRight size={size} />)
  if (operator === 'var') return sign('read', 'read', <IconEqual size={size} />)
  return value
    ? sign('holds', 'holds', <IconCheck size={size} />)
    : sign('not', 'does not hold', <IconMinus size={size} />)
}

const sign = (did: string, word: string, icon: React.ReactNode) => (
  <span className={classes.sign} data-did={did} role="img" aria-label={word}>
    {icon}
  </span>
)
