import { ActionIcon, Drawer, VisuallyHidden } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useMatches } from '@tanstack/react-router'
import { IconMenu2 } from '@tabler/icons-react'
import { useState } from 'react'
import { isFailure } from '../api/failure.ts'
import { to } from '../paths.ts'
import { useLastFailure } from '../reading/last-failure.ts'
import { useOutage } from '../reading/use-outage.ts'
import { OutageNotice } from '../reading/outage-notice.tsx'
import { overviewQuery } from '../reading/overview.ts'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { AccountMenu } from './account-menu.tsx'
import { NotAdministrator, SignedOut } from './doors.tsx'
import { HelpButton } from './help.tsx'
import { Navigation } from './navigation.tsx'
import { Palette } from './palette.tsx'
import { SearchButton } from './search-button.tsx'
import classes from './shell.module.css'
import { Wordmark } from './wordmark.tsx'

/** What every page stands in: where you are, who you are, and what cannot be seen at this moment. */
export function Shell() {
  const overview = useQuery(overviewQuery)
  const failure = useLastFailure(overview)
  const crumb = useCrumb()
  const environment = overview.data?.environment
  useDocumentTitle([crumb, environment ? `Holdfast ${environment}` : 'Holdfast'].filter(Boolean).join(' · '))

  if (isFailure(failure, 'signed-out')) return <SignedOut />
  if (isFailure(failure, 'forbidden')) return <NotAdministrator failure={failure} />
  if (!overview.data && !failure) return <Waiting />
  return (
    <>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <Header environment={environment} />
      <div className={classes.body}>
        <div className={classes.side}>
          <Navigation overview={overview.data} />
        </div>
        <main id="content" className={classes.content} tabIndex={-1}>
          <OutageAcross />
          <Outlet />
        </main>
      </div>
      <VisuallyHidden aria-live="polite">{crumb}</VisuallyHidden>
      <Palette />
    </>
  )
}

function Header({ environment }: { environment: string | undefined }) {
  const overview = useQuery(overviewQuery)
  const [isMenuOpen, setIsMenuOpen] = useState(false)
  const close = () => setIsMenuOpen(false)
  return (
    <header className={classes.header}>
      <ActionIcon
        className={classes.burger}
        size={32}
        onClick={() => setIsMenuOpen(true)}
        aria-label="Open navigation"
        aria-expanded={isMenuOpen}
      >
        <IconMenu2 size={18} stroke={1.6} />
      </ActionIcon>
      <Link {...to.home()} className={classes.brand} aria-label="Holdfast, home">
        <Wordmark />
      </Link>
      <span className={classes.environment}>{environment ?? 'environment not known'}</span>
      <div className={classes.tools}>
        <SearchButton />
        <HelpButton />
        <AccountMenu />
      </div>
      <Drawer
        opened={isMenuOpen}
        onClose={close}
        size={260}
        title="Holdfast"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Navigation overview={overview.data} onGone={close} />
      </Drawer>
    </header>
  )
}

function OutageAcross() {
  const outage = useOutage()
  const isTold = useMatches({ select: (matches) => matches.at(-1)?.staticData.tellsOutagesItself })
  const isKnownAtAll = useQuery(overviewQuery).data !== undefined
  if (!outage || (isTold && isKnownAtAll)) return null
  return (
    <div className={classes.outage}>
      <OutageNotice outage={outage} />
    </div>
  )
}

function Waiting() {
  return (
    <div className={classes.waiting}>
      <RowsToCome rows={6} />
    </div>
  )
}

function useCrumb(): string | undefined {
  return useMatches({ select: (matches) => matches.at(-1)?.staticData.crumb })
}
