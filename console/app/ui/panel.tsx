import { ActionIcon, Title } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { IconX } from '@tabler/icons-react'
import { Link, type LinkProps, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import classes from './panel.module.css'

interface PanelProps {
  /** What the panel is about, for those who hear it. */
  label: string
  title: React.ReactNode
  /** Where closing leads. */
  back: LinkProps
  actions?: React.ReactNode
  children: React.ReactNode
}

/** One row of a list, at an address of its own. Not modal: the list stays in reach. Escape closes it. */
export function Panel({ label, title, back, actions, children }: PanelProps) {
  const navigate = useNavigate()
  useWindowEvent('keydown', (event) => {
    // A dialog or a menu that is open has the first claim on the key.
    if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('[role="dialog"], [role="menu"]'))
      return
    navigate(back)
  })
  const focusOnce = useCallback((heading: HTMLElement | null) => heading?.focus({ preventScroll: true }), [])

  return (
    <aside className={classes.panel} aria-label={label}>
      <header className={classes.head}>
        <Title order={2} className={classes.title} ref={focusOnce} tabIndex={-1}>
          {title}
        </Title>
        <ActionIcon
          aria-label="Close"
          title="Close (Esc)"
          renderRoot={(props) => <Link {...props} {...back} />}
          size={28}
        >
          <IconX size={16} />
        </ActionIcon>
      </header>
      <div className={classes.body}>{children}</div>
      {actions && <footer className={classes.foot}>{actions}</footer>}
    </aside>
  )
}

/** A part of a panel under its own heading. */
export function PanelPart({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className={classes.part}>
      <Title order={3} className={classes.partTitle}>
        {title}
      </Title>
      {children}
    </section>
  )
}

/** Names and what they stand for. A value that is not there is said, not left blank. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: React.ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value ?? <span className={classes.absent}>Not set</span>}</dd>
        </div>
      ))}
    </dl>
  )
}
