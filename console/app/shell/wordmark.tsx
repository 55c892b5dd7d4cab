import classes from './wordmark.module.css'

/** A cleat, which is what a line is made fast to. */
export function Wordmark() {
  return (
    <span className={classes.wordmark}>
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
        <path
          fill="currentColor"
          d="M3 3.6c0-.33.27-.6.6-.6h2.8c.33 0 .6.27.6.6V8h6V3.6c0-.33.27-.6.6-.6h2.8c.33 0 .6.27.6.6v12.8a.6.6 0 0 1-.6.6h-2.8a.6.6 0 0 1-.6-.6V12H7v4.4a.6.6 0 0 1-.6.6H3.600a.6.6 0 0 1-.6-.6z"
        />
      </svg>
      <span>Holdfast</span>
    </span>
  )
}
