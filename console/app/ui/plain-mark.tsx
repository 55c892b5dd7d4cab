import classes from './plain-mark.module.css'

/** An open ring, for what is neither well nor ill: over, or not yet begun. */
export function PlainMark({ children }: { children: React.ReactNode }) {
  return (
    <span className={classes.mark}>
      <svg className={classes.ring} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.2" />
      </svg>
      <span>{children}</span>
    </span>
  )
}

/** A mark, and beneath it in small what it means. */
export function Explained({ mark, children }: { mark: React.ReactNode; children: React.ReactNode }) {
  return (
    <span className={classes.explained}>
      {mark}
      <span className={classes.why}>{children}</span>
    </span>
  )
}
