import { splitLine } from './split-line.ts'
import classes from './diff-lines.module.css'

interface DiffLinesProps {
  lines: readonly string[]
  label?: string
  /** What is said when there is none. */
  none?: string
}

/** What changed, a line each: what it is about quietly, what it was struck out, what it is. */
export function DiffLines({
  lines,
  label = 'What changes',
  none = 'Nothing that anybody would notice.',
}: DiffLinesProps) {
  if (lines.length === 0) return <p className={classes.about}>{none}</p>
  return (
    <ul className={classes.lines} aria-label={label}>
      {lines.map((line) => (
        <li key={line}>
          <Line line={line} />
        </li>
      ))}
    </ul>
  )
}

function Line({ line }: { line: string }) {
  const parts = splitLine(line)
  if (!parts) return line
  return (
    <>
      <span className={classes.about}>{parts.about}: </span>
      <del className={classes.was}>{parts.was}</del> → <ins className={classes.is}>{parts.is}</ins>
    </>
  )
}
