import classes from './metadata.module.css'

interface MetadataProps {
  label: string
  value: Record<string, unknown>
  purpose: string
}

/** What applications keep about somebody, as they wrote it. */
export function Metadata({ label, value, purpose }: MetadataProps) {
  if (Object.keys(value).length === 0) return <p className={classes.none}>Empty. {purpose}</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable with the keyboard.
    <section className={classes.json} tabIndex={0} aria-label={label}>
      <pre>{JSON.stringify(value, null, 2)}</pre>
    </section>
  )
}
