import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Organization } from '../api/wire/organizations.ts'
import { type OrganizationAsk, type OrganizationSearch, type OrganizationsSearch, to } from '../paths.ts'
import { Reading, type Seen } from '../reading/reading.tsx'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ActButton } from '../ui/act-button.tsx'
import { LinkTabs } from '../ui/link-tabs.tsx'
import { Empty, Notice } from '../ui/notice.tsx'
import { Panel } from '../ui/panel.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { Moment } from '../ui/time.tsx'
import { AddMember } from './add-member.tsx'
import { DeleteOrganization, UndoDeletion } from './delete-organization.tsx'
import { EditOrganization } from './edit-organization.tsx'
import { Invitations } from './invitations.tsx'
import { Invite } from './invite.tsx'
import { LiveSessions } from './live-sessions.tsx'
import { Members } from './members.tsx'
import { OrganizationFacts } from './organization-facts.tsx'
import classes from './organization-panel.module.css'
import { listSearch, organizationQuery } from './read-organizations.ts'
import { SignInPart } from './sign-in/sign-in-part.tsx'

export const crumb = 'Organisation'

export function loader(client: QueryClient, organizationId: string) {
  void client.prefetchQuery(organizationQuery(organizationId))
}

export function OrganizationPanel() {
  const { organizationId } = useParams({ from: '/organizations/$organizationId' })
  const search = useSearch({ from: '/organizations/$organizationId' })
  const navigate = useNavigate()
  const organization = useQuery(organizationQuery(organizationId))
  const back = to.organizations(listSearch(search))
  const ask = (asked: OrganizationSearch['ask']) => navigate(to.organization(organizationId, { ...search, ask: asked }))
  return (
    <Panel
      key={organizationId}
      label="Organisation"
      row={organizationId}
      title={organization.data?.name ?? organizationId}
      back={back}
      actions={organization.data && <Actions organization={organization.data} onAsk={ask} />}
    >
      <Reading
        query={organization}
        about="organisation"
        waiting={<RowsToCome rows={5} />}
        notFound={<NoSuchOrganization search={listSearch(search)} />}
      >
        {(data, seen) => <Parts organization={data} search={search} seen={seen} onAsk={ask} />}
      </Reading>
    </Panel>
  )
}

interface PartsProps {
  organization: Organization
  search: OrganizationSearch
  seen: Seen
  onAsk: (ask: OrganizationSearch['ask']) => void
}

function Parts({ organization, search, seen, onAsk }: PartsProps) {
  const reason = useReasonNotToChange(organization)
  const { part } = search
  const tab = (name: string, its: OrganizationSearch['part'], count?: number) => ({
    name,
    link: to.organization(organization.id, { ...listSearch(search), part: its }),
    isHere: part === its,
    count,
  })
  return (
    <>
      {organization.deleted_at && <Going organization={organization} />}
      <LinkTabs
        label={`Parts of ${organization.name}`}
        tabs={[
          tab('Details', undefined),
          tab('Members', 'members', organization.members),
          tab('Invitations', 'invitations'),
          tab('Sign-in', 'sign-in'),
          tab('Sessions', 'sessions'),
        ]}
      />
      {part === undefined && (
        <div className={classes.facts}>
          <OrganizationFacts organization={organization} seen={seen} />
        </div>
      )}
      {part === 'members' && <Members organization={organization} search={search} reason={reason} onAsk={onAsk} />}
      {part === 'invitations' && (
        <Invitations organization={organization} search={search} reason={reason} onAsk={onAsk} />
      )}
      {part === 'sign-in' && <SignInPart organization={organization} ask={search.ask} reason={reason} onAsk={onAsk} />}
      {part === 'sessions' && <LiveSessions organization={organization} search={search} />}
      <Asked organization={organization} ask={search.ask} reason={reason} onClose={() => onAsk(undefined)} />
    </>
  )
}

interface AskedProps {
  organization: Organization
  ask: OrganizationAsk | undefined
  reason: string | null
  onClose: () => void
}

/** The form or question that the address holds open. */
function Asked({ ask, organization, reason, onClose }: AskedProps) {
  const props = { organization, reason, onClose }
  switch (ask) {
    case 'edit':
      return <EditOrganization {...props} />
    case 'add':
      return <AddMember {...props} />
    case 'invite':
      return <Invite {...props} />
    case 'delete':
      return <DeleteOrganization organization={organization} onClose={onClose} />
    case 'undo-deletion':
      return <UndoDeletion organization={organization} onClose={onClose} />
    default:
      return null
  }
}

function Going({ organization: { deletes_at } }: { organization: Organization }) {
  return (
    <div className={classes.going}>
      <Notice state="degraded" title="This organisation is going to be deleted">
        <p>
          Nobody acts for it. Until {deletes_at ? <Moment at={deletes_at} /> : 'the grace is over'} you can undo that;
          then it is gone for good.
        </p>
      </Notice>
    </div>
  )
}

function Actions({ organization, onAsk }: { organization: Organization; onAsk: PartsProps['onAsk'] }) {
  const reason = useReasonNotTo('organizations:write')
  if (organization.deleted_at) {
    return (
      <ActButton reason={reason} onClick={() => onAsk('undo-deletion')}>
        Undo deletion
      </ActButton>
    )
  }
  return (
    <div className={classes.actions}>
      <ActButton variant="default" reason={reason} onClick={() => onAsk('edit')}>
        Edit
      </ActButton>
      <ActButton variant="subtle" reason={reason} onClick={() => onAsk('delete')}>
        Delete
      </ActButton>
    </div>
  )
}

function useReasonNotToChange({ deleted_at }: Organization): string | null {
  const reason = useReasonNotTo('organizations:write')
  return reason ?? (deleted_at ? 'It is going to be deleted. Undo that first.' : null)
}

function NoSuchOrganization({ search }: { search: OrganizationsSearch }) {
  return (
    <Empty
      title="There is no such organisation"
      action={
        <Button variant="default" renderRoot={(props) => <Link {...props} {...to.organizations(search)} />}>
          Back to the list
        </Button>
      }
    >
      <p>It may have been deleted for good, or the id belongs to another installation.</p>
    </Empty>
  )
}
