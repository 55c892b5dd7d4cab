import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import type { Organization } from '../api/wire/organizations.ts'
import { oneQuery } from '../list/list-query.ts'
import { api, to } from '../paths.ts'
import { ReadAt, Reading } from '../reading/reading.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Empty } from '../ui/notice.tsx'
import { Facts, Panel, PanelFoot } from '../ui/panel.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { Time } from '../ui/time.tsx'

export const crumb = 'Organisation'

export function loader(client: QueryClient, organizationId: string) {
  void client.prefetchQuery(query(organizationId))
}

const query = (organizationId: string) => oneQuery<Organization>('organizations', api.organization(organizationId))

export function OrganizationPanel() {
  const { organizationId } = useParams({ from: '/organizations/$organizationId' })
  const search = useSearch({ from: '/organizations/$organizationId' })
  const organization = useQuery(query(organizationId))
  const back = to.organizations(search)
  return (
    <Panel
      key={organizationId}
      label="Organisation"
      row={organizationId}
      title={organization.data?.name ?? organizationId}
      back={back}
    >
      <Reading
        query={organization}
        about="organisation"
        waiting={<RowsToCome rows={5} />}
        notFound={
          <Empty
            title="There is no such organisation"
            action={
              <Button variant="default" renderRoot={(props) => <Link {...props} {...back} />}>
                Back to the list
              </Button>
            }
          >
            <p>It may have been removed, or the id belongs to another installation.</p>
          </Empty>
        }
      >
        {(data, seen) => (
          <>
            <Facts
              facts={[
                ['Id', <Copyable key="id" value={data.id} />],
                ['Name', data.name],
                ['Short name', <Copyable key="slug" value={data.slug} />],
                ['Members', data.members],
                ['Live sessions', data.live_sessions],
                ['Made', <Time key="made" at={data.created_at} />],
                ['Deleted', data.deleted_at && <Time key="deleted" at={data.deleted_at} />],
              ]}
            />
            <PanelFoot>
              <ReadAt seen={seen} />
            </PanelFoot>
          </>
        )}
      </Reading>
    </Panel>
  )
}
