import { Link, type LinkProps } from '@tanstack/react-router'
import classes from './text-link.module.css'

/** A link in the middle of facts or a sentence, in the colour of what can be acted on. */
export function TextLink({ to, children }: { to: LinkProps; children: React.ReactNode }) {
  return (
    <Link {...to} className={classes.link}>
      {children}
    </Link>
  )
}
