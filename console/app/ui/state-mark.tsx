import classes from './state-mark.module.css'

/** What can be said of something that is watched. Unknown is never drawn as ok, nor left out (look.md). */
export type State = 'ok' | 'degraded' | 'failing' | 'unknown'

const words: Record<State, string> = { ok: 'OK', degraded: 'Degraded', failing: 'Failing', unknown: 'Unknown' }

/** Shape, colour and word together: none of them alone says it to everybody. */
export function StateMark({ state, children = words[state] }: { state: State; children?: React.ReactNode }) {
  return (
    <span className={classes.mark} data-state={state}>
      <StateGlyph state={state} />
      <span>{children}</span>
    </span>
  )
}

/** The shape alone, for where the word stands beside it. */
export function StateGlyph({ state, size = 12 }: { state: State; size?: number }) {
  return (
    <svg className={classes.glyph} data-state={state} viewBox="0 0 12 12" width={size} height={size} aria-hidden="true">
      {shapes[state]}
    </svg>
  )
}

const shapes: Record<State, React.ReactNode> = {
  ok: <circle cx="6" cy="6" r="5" fill="currentColor" />,
  degraded: (
    <>
      <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 1.75a4.25 4.25 0 0 0 0 8.5z" fill="currentColor" />
    </>
  ),
  failing: <rect x="1.25" y="1.25" width="9.5" height="9.5" rx="1.25" fill="currentColor" />,
  unknown: (
    <g fill="none" stroke="currentColor" strokeLinecap="round">
      <circle cx="6" cy="6" r="5" strokeWidth="1.1" />
      <path d="M2.8 6.4 6.4 2.8M3.2 8.8 8.8 3.2M5.6 9.2 9.2 5.6" strokeWidth="1.1" />
    </g>
  ),
}
