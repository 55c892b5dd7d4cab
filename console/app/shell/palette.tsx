import '@mantine/spotlight/styles.layer.css'
import { Kbd } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import {
  IconApps,
  IconBolt,
  IconBuilding,
  IconDevices,
  IconFile,
  IconFlag,
  IconLogout,
  IconPlugConnected,
  IconRobot,
  IconSearch,
  IconUser,
  IconUsersGroup,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type LinkProps, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { isOutage } from '../api/failure.ts'
import type { Found } from '../api/wire/installation.ts'
import { reasonNotAllowed } from '../reading/may.ts'
import { overviewQuery } from '../reading/overview.ts'
import { actions } from './actions.ts'
import { contains, foundQuery, placeOf, QUERY_LENGTH_MIN } from './find.ts'
import classes from './palette.module.css'
import { places } from './places.ts'
import { keepRecent, readRecent } from './recent.ts'
import { useSignOut } from './sign-out.ts'

const [store, palette] = createSpotlight()
export const openPalette = palette.open

/** Long enough that a word is asked for once, short enough that nobody waits. */
const PAUSE_MS = 150

const kinds: Record<string, { name: string; icon: typeof IconUser }> = {
  user: { name: 'User', icon: IconUser },
  organization: { name: 'Organisation', icon: IconBuilding },
  application: { name: 'Application', icon: IconApps },
  provider: { name: 'Provider', icon: IconPlugConnected },
  session: { name: 'Session', icon: IconDevices },
  token: { name: 'Token', icon: IconRobot },
  flag: { name: 'Flag', icon: IconFlag },
  segment: { name: 'Segment', icon: IconUsersGroup },
  page: { name: 'Page', icon: IconFile },
}

/** Everything by its name, from anywhere, with the keyboard alone: things, pages, and what can be begun. */
export function Palette() {
  const [query, setQuery] = useState('')
  const sought = query.trim()
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K']}
      tagsToIgnore={[]}
      scrollable
      maxHeight={440}
      size={600}
      // What is found changes the height: the field stays where it is.
      centered={false}
      yOffset="12dvh"
      title="Search everything"
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
      classNames={{
        header: classes.hidden,
        action: classes.action,
        actionBody: classes.body,
        actionDescription: classes.description,
        actionsGroup: classes.group,
        actionsList: classes.list,
        search: classes.search,
      }}
    >
      <Spotlight.Search
        placeholder="Search people, customers, flags, sessions, pages, actions"
        aria-label="Search everything"
        leftSection={<IconSearch size={16} stroke={1.6} />}
        maxLength={200}
      />
      <Spotlight.ActionsList>
        <Things sought={sought} />
        <Pages sought={sought} />
        <Actions sought={sought} />
      </Spotlight.ActionsList>
      <Spotlight.Footer className={classes.foot}>
        <span>
          <Kbd>↑</Kbd> <Kbd>↓</Kbd> choose
        </span>
        <span>
          <Kbd>Enter</Kbd> open
        </span>
        <span>
          <Kbd>Esc</Kbd> close
        </span>
      </Spotlight.Footer>
    </Spotlight.Root>
  )
}

/** What was found by name or id; before anything is sought, what was opened lately. */
function Things({ sought }: { sought: string }) {
  const [asked] = useDebouncedValue(sought, PAUSE_MS)
  const found = useQuery(foundQuery(asked))
  const go = useGo()
  const isAsked = sought.length >= QUERY_LENGTH_MIN
  const things = isAsked ? (found.data?.data ?? []) : sought === '' ? readRecent() : []
  const open = (thing: Found) => {
    const place = placeOf(thing)
    if (!place) return
    keepRecent(thing)
    go(place)
  }
  if (isAsked && found.error) {
    return <Said>{isOutage(found.error) ? 'What is stored cannot be searched for now.' : found.error.message}</Said>
  }
  if (isAsked && found.isSuccess && !found.isPlaceholderData && things.length === 0) {
    return <Said>Nothing stored has this name, address or id.</Said>
  }
  if (things.length === 0) return null
  return (
    <Spotlight.ActionsGroup label={isAsked ? 'Found' : 'Opened lately'}>
      {things.map((thing) => {
        const { name, icon: Icon } = kinds[thing.kind] ?? { name: thing.kind, icon: IconFile }
        return (
          <Spotlight.Action
            key={`${thing.kind} ${thing.id}`}
            label={thing.title}
            {...(thing.subtitle && thing.subtitle !== thing.title && { description: thing.subtitle })}
            leftSection={<Icon size={18} stroke={1.5} aria-hidden="true" />}
            rightSection={<span className={classes.kind}>{name}</span>}
            onClick={() => open(thing)}
          />
        )
      })}
    </Spotlight.ActionsGroup>
  )
}

function Said({ children }: { children: React.ReactNode }) {
  return (
    <p className={classes.said} role="status">
      {children}
    </p>
  )
}

function Pages({ sought }: { sought: string }) {
  const go = useGo()
  const shown = places.filter(({ name, about }) => contains(sought, name, about))
  if (shown.length === 0) return null
  return (
    <Spotlight.ActionsGroup label="Pages">
      {shown.map(({ name, about, icon: Icon, key, link }) => (
        <Spotlight.Action
          key={name}
          label={name}
          description={about}
          leftSection={<Icon size={18} stroke={1.5} aria-hidden="true" />}
          rightSection={
            <span className={classes.keys}>
              <Kbd>g</Kbd> <Kbd>{key}</Kbd>
            </span>
          }
          onClick={() => go(link)}
        />
      ))}
    </Spotlight.ActionsGroup>
  )
}

/** What the reader's role does not include is shown with its reason, and does nothing. */
function Actions({ sought }: { sought: string }) {
  const go = useGo()
  const actor = useQuery(overviewQuery).data?.actor
  const signOut = useSignOut()
  const shown = actions.filter(({ name, about }) => contains(sought, name, about))
  const isSignOut = contains(sought, 'Sign out of the console', 'log out leave')
  if (shown.length === 0 && !isSignOut) return null
  return (
    <Spotlight.ActionsGroup label="Actions">
      {shown.map(({ name, link, scope }) => {
        const reason = reasonNotAllowed(actor, scope)
        return (
          <Spotlight.Action
            key={name}
            label={name}
            {...(reason && { description: reason, 'aria-disabled': true, closeSpotlightOnTrigger: false })}
            leftSection={<IconBolt size={18} stroke={1.5} aria-hidden="true" />}
            onClick={reason ? () => {} : () => go(link)}
          />
        )
      })}
      {isSignOut && (
        <Spotlight.Action
          label="Sign out of the console"
          leftSection={<IconLogout size={18} stroke={1.5} aria-hidden="true" />}
          onClick={() => signOut.mutate()}
        />
      )}
    </Spotlight.ActionsGroup>
  )
}

function useGo(): (place: LinkProps) => void {
  const navigate = useNavigate()
  return (place) => void navigate(place)
}
