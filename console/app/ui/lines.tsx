import classes from './lines.module.css'

interface LinesProps {
  'aria-label': string
  children: React.ReactNode
}

/** Things in a panel, one beneath the other, each an `li` of a few lines. */
export const Lines = (props: LinesProps) => <ul className={classes.lines} {...props} />

/** The first line of one: its name, and at the end of the line what can be done with it. */
export const LineHead = ({ children }: React.PropsWithChildren) => <div className={classes.head}>{children}</div>

/** Another line of one, in small. */
export const LineBeneath = ({ children }: React.PropsWithChildren) => (
  <span className={classes.beneath}>{children}</span>
)
