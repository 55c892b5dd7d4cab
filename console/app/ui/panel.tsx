import { ActionIcon, Title } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { IconX } from '@tabler/icons-react'
import { Link, type LinkProps, useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import classes from './panel.module.css'

interface PanelProps {
  /** What the panel is about, for those who hear it. */
  label: string
  /** The id of the row in the list, which gets the focus back. */
  row: string
  title: React.ReactNode
  /** Where closing leads. */
  back: LinkProps
  actions?: React.ReactNode
  children: React.ReactNode
}

/** One row of a list, at an address of its own. Not modal: the list stays in reach. Escape closes it. */
export function Panel({ label, row, title, back, actions, children }: PanelProps) {
  const navigate = useNavigate()
  useWindowEvent('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !isClaimed(event)) navigate(back)
  })
  const takeFocus = useCallback(
    (heading: HTMLElement | null) => {
      heading?.focus({ preventScroll: true })
      return () => {
        requestAnimationFrame(() => giveFocusBack(row))
      }
    },
    [row],
  )

  return (
    <aside className={classes.panel} aria-label={label}>
      <header className={classes.head}>
        <Title order={2} className={classes.title} ref={takeFocus} tabIndex={-1}>
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

/** A field, a menu or a dialog has the first claim on the key, also when it closes itself by it before we hear of it. */
function isClaimed(event: KeyboardEvent): boolean {
  return event
    .composedPath()
    .some((target) => target instanceof Element && target.matches('input, [role="dialog"], [role="menu"]'))
}

/** When a panel goes, and nothing else has the focus, the row does: the reader goes on where they were. */
function giveFocusBack(row: string) {
  if (document.activeElement !== document.body) return
  document.querySelector<HTMLElement>(`[data-row-link="${CSS.escape(row)}"]`)?.focus()
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

/** The age of what the panel shows. */
export function PanelFoot({ children }: { children: React.ReactNode }) {
  return <p className={classes.age}>{children}</p>
}
