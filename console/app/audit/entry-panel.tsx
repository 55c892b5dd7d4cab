import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import type { AuditEntry, Party } from '../api/wire/audit.ts'
import { type AuditSearch, pageOf, to } from '../paths.ts'
import { ReadAt, Reading } from '../reading/reading.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Empty } from '../ui/notice.tsx'
import { Facts, Panel, PanelFoot, PanelPart } from '../ui/panel.tsx'
import { PlainMark } from '../ui/plain-mark.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import { Time } from '../ui/time.tsx'
import classes from './entry-panel.module.css'
import { entryQuery } from './read-audit.ts'
import { sayKind, sayParty } from './say-party.ts'

export const crumb = 'Audit entry'

export function loader(client: QueryClient, entryId: string) {
  void client.prefetchQuery(entryQuery(entryId))
}

export function EntryPanel() {
  const { entryId } = useParams({ from: '/audit/$entryId' })
  const search = useSearch({ from: '/audit/$entryId' })
  const entry = useQuery(entryQuery(entryId))
  return (
    <Panel key={entryId} label="Audit entry" row={entryId} title={entry.data?.text ?? entryId} back={to.audit(search)}>
      <Reading
        query={entry}
        about="audit entry"
        waiting={<RowsToCome rows={6} />}
        notFound={<NoSuchEntry search={search} />}
      >
        {(data, seen) => (
          <>
            <EntryFacts entry={data} />
            <PanelFoot>
              <ReadAt seen={seen} />
            </PanelFoot>
          </>
        )}
      </Reading>
    </Panel>
  )
}

function EntryFacts({ entry }: { entry: AuditEntry }) {
  const { actor, impersonator, subject, facts } = entry
  const told = Object.entries(facts)
  return (
    <>
      <Facts
        facts={[
          ['When', <Time key="when" at={entry.at} />],
          ['Action', <Copyable key="action" value={entry.action} />],
          ...(impersonator
            ? ([['Really by', <Who key="really" party={{ ...impersonator, kind: 'person' }} />]] as const)
            : []),
          [impersonator ? 'In the name of' : 'By', <Who key="by" party={actor} />],
          ['To', <Who key="to" party={subject} />],
          ['Organisation', entry.organization_id && <Organization key="in" id={entry.organization_id} />],
          ['Address', entry.address && <Copyable key="from" value={entry.address} />],
          ['Browser', entry.user_agent],
          ['Id', <Copyable key="id" value={entry.id} />],
          [
            'Seal',
            entry.sealed ? (
              <StateMark key="seal" state="ok">
                Sealed
              </StateMark>
            ) : (
              <PlainMark key="seal">Not sealed yet; within seconds</PlainMark>
            ),
          ],
        ]}
      />
      <PanelPart title="What else was noted">
        {told.length === 0 ? (
          <p className={classes.none}>Nothing more.</p>
        ) : (
          <Facts facts={told.map(([name, value]) => [sayKind(name), <Value key={name} value={value} />] as const)} />
        )}
      </PanelPart>
      <PanelPart title="More of it">
        <ul className={classes.more}>
          {actor.id && (
            <li>
              <Link {...to.audit({ actor: actor.id })}>Everything by {sayParty(actor)}</Link>
            </li>
          )}
          {subject.id && (
            <li>
              <Link {...to.audit({ subject: subject.id })}>Everything done to {sayParty(subject)}</Link>
            </li>
          )}
        </ul>
      </PanelPart>
    </>
  )
}

/** A name that leads to whom it names, and the id to copy. */
function Who({ party }: { party: Party }) {
  const place = party.id ? pageOf(party.kind, party.id) : null
  return (
    <span className={classes.who}>
      {place ? <Link {...place}>{sayParty(party)}</Link> : sayParty(party)}
      {party.id && party.label && <Copyable value={party.id} />}
    </span>
  )
}

function Organization({ id }: { id: string }) {
  return <Link {...to.organization(id)}>{id}</Link>
}

function Value({ value }: { value: unknown }) {
  if (Array.isArray(value)) return value.map(String).join(', ')
  return typeof value === 'object' && value !== null ? <code>{JSON.stringify(value)}</code> : String(value)
}

function NoSuchEntry({ search }: { search: AuditSearch }) {
  return (
    <Empty
      title="There is no such entry"
      action={
        <Button variant="default" renderRoot={(props) => <Link {...props} {...to.audit(search)} />}>
          Back to the list
        </Button>
      }
    >
      <p>It may be past its retention, or the id belongs to another installation.</p>
    </Empty>
  )
}
