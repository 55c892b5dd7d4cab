import classes from './name-cell.module.css'

/** A name in a list, and beneath it in small what tells it from another of the same name. */
export function NameCell({ name, children }: { name: React.ReactNode; children?: React.ReactNode }) {
  return (
    <span className={classes.cell}>
      <span className={classes.name}>{name}</span>
      {children && <span className={classes.beneath}>{children}</span>}
    </span>
  )
}
