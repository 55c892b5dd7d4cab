import { Title } from '@mantine/core'
import classes from './page.module.css'

interface PageProps {
  title: string
  purpose: React.ReactNode
  actions?: React.ReactNode
  /** Pages beside this one under the same title: see `LinkTabs`. */
  tabs?: React.ReactNode
  children: React.ReactNode
}

/** Title, one line that says what the page is for, and the rest. */
export function Page({ title, purpose, actions, tabs, children }: PageProps) {
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div>
          <Title order={1}>{title}</Title>
          <p className={classes.purpose}>{purpose}</p>
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {tabs}
      {children}
    </div>
  )
}

/** A list, and beside it the panel of the row that the address names. On a narrow screen the panel takes its place. */
export function Split({ panel, children }: { panel: React.ReactNode; children: React.ReactNode }) {
  return (
    <div className={classes.split}>
      <div className={classes.main}>{children}</div>
      {panel}
    </div>
  )
}

/** What stands above a list and narrows it. */
export function Filters({ children }: { children: React.ReactNode }) {
  return (
    <search className={classes.filters} aria-label="Filters">
      {children}
    </search>
  )
}
