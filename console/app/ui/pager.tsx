import { Button } from '@mantine/core'
import { IconChevronRight, IconChevronsLeft } from '@tabler/icons-react'
import { Link, type LinkProps } from '@tanstack/react-router'
import classes from './pager.module.css'

interface PagerProps {
  /** What stands on the left: how many, and how old that is. */
  children: React.ReactNode
  first: LinkProps | null
  next: LinkProps | null
  /** What can be done with the list as a whole. */
  aside?: React.ReactNode
}

/** The foot of a list. Lists are read forwards by cursor; the way back is the browser's own, or the beginning. */
export function Pager({ children, first, next, aside }: PagerProps) {
  return (
    <footer className={classes.foot}>
      <div className={classes.count}>{children}</div>
      {aside && <div className={classes.aside}>{aside}</div>}
      {(first || next) && (
        <nav aria-label="Pages" className={classes.pages}>
          <Turn to={first} why="This is the first page" left={<IconChevronsLeft size={14} />}>
            First page
          </Turn>
          <Turn to={next} why="There are no more" right={<IconChevronRight size={14} />}>
            Next page
          </Turn>
        </nav>
      )}
    </footer>
  )
}

interface TurnProps {
  to: LinkProps | null
  why: string
  left?: React.ReactNode
  right?: React.ReactNode
  children: string
}

function Turn({ to, why, left, right, children }: TurnProps) {
  const looks = { variant: 'default', leftSection: left, rightSection: right } as const
  if (!to) {
    return (
      <Button {...looks} data-disabled aria-disabled title={why} onClick={(event) => event.preventDefault()}>
        {children}
      </Button>
    )
  }
  return (
    <Button {...looks} renderRoot={(props) => <Link {...props} {...to} />}>
      {children}
    </Button>
  )
}
