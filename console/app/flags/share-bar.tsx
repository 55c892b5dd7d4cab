import { sayPercent } from '@holdfast/sdk/flag-rules'
import classes from './share-bar.module.css'

interface ShareBarProps {
  shares: readonly { variant: string; weight: number }[]
  /** Where somebody fell, in weights. */
  position?: number
}

/** The whole of a rollout as one bar, a length for each share; and the place where somebody fell. */
export function ShareBar({ shares, position }: ShareBarProps) {
  const total = shares.reduce((sum, { weight }) => sum + weight, 0)
  if (total === 0) return null
  const said = shares.map(({ variant, weight }) => `${sayPercent(weight, total)} ${variant}`).join(', ')
  return (
    <div className={classes.figure}>
      <div className={classes.bar} role="img" aria-label={said}>
        {shares.map(({ variant, weight }, at) =>
          weight === 0 ? null : (
            // biome-ignore lint/suspicious/noArrayIndexKey: a share has no name but its place.
            <span key={`${variant} ${at}`} className={classes.share} style={{ flexGrow: weight }} data-place={at % 4}>
              <span className={classes.name}>{variant}</span>
            </span>
          ),
        )}
      </div>
      {position !== undefined && (
        <span className={classes.pin} style={{ insetInlineStart: `${(position / total) * 100}%` }} aria-hidden="true" />
      )}
    </div>
  )
}
