import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import type { Application } from '../api/wire/applications.ts'
import { oneQuery } from '../list/list-query.ts'
import { api, to } from '../paths.ts'
import { ReadAt, Reading } from '../reading/reading.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Empty } from '../ui/notice.tsx'
import { Facts, Panel, PanelFoot } from '../ui/panel.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { Time } from '../ui/time.tsx'

export const crumb = 'Application'

export function loader(client: QueryClient, applicationId: string) {
  void client.prefetchQuery(query(applicationId))
}

const query = (applicationId: string) => oneQuery<Application>('applications', api.application(applicationId))

export function ApplicationPanel() {
  const { applicationId } = useParams({ from: '/applications/$applicationId' })
  const search = useSearch({ from: '/applications/$applicationId' })
  const application = useQuery(query(applicationId))
  const back = to.applications(search)
  return (
    <Panel
      key={applicationId}
      label="Application"
      row={applicationId}
      title={application.data?.name ?? applicationId}
      back={back}
    >
      <Reading
        query={application}
        about="application"
        waiting={<RowsToCome rows={5} />}
        notFound={
          <Empty
            title="There is no such application"
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
                ['Audience', <Copyable key="audience" value={data.audience} />],
                ['Origins', data.origins.join(', ')],
                ['Key ends in', data.key_hint],
                ['Live sessions', data.live_sessions],
                ['Made', <Time key="made" at={data.created_at} />],
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
