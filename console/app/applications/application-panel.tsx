import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Application } from '../api/wire/applications.ts'
import { type ApplicationAsk, to } from '../paths.ts'
import { Reading } from '../reading/reading.tsx'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ActButton } from '../ui/act-button.tsx'
import { Panel } from '../ui/panel.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { ApplicationFacts } from './application-facts.tsx'
import classes from './application-panel.module.css'
import { DeleteApplication } from './delete-application.tsx'
import { EditApplication } from './edit-application.tsx'
import { NoSuchApplication } from './no-such-application.tsx'
import { applicationQuery, listSearch } from './read-applications.ts'
import { RotateKey } from './rotate-key.tsx'

export const crumb = 'Application'

export function loader(client: QueryClient, applicationId: string) {
  void client.prefetchQuery(applicationQuery(applicationId))
}

type OnAsk = (ask: ApplicationAsk | undefined) => void

export function ApplicationPanel() {
  const { applicationId } = useParams({ from: '/applications/$applicationId' })
  const search = useSearch({ from: '/applications/$applicationId' })
  const navigate = useNavigate()
  const application = useQuery(applicationQuery(applicationId))
  const back = to.applications(listSearch(search))
  const ask: OnAsk = (asked) => navigate(to.application(applicationId, { ...listSearch(search), ask: asked }))
  return (
    <Panel
      key={applicationId}
      label="Application"
      row={applicationId}
      title={application.data?.name ?? applicationId}
      back={back}
      actions={application.data && <Actions application={application.data} onAsk={ask} />}
    >
      <Reading
        query={application}
        about="application"
        waiting={<RowsToCome rows={5} />}
        notFound={<NoSuchApplication back={back} />}
      >
        {(data, seen) => (
          <>
            <ApplicationFacts application={data} seen={seen} />
            <Asked application={data} ask={search.ask} onClose={() => ask(undefined)} />
          </>
        )}
      </Reading>
    </Panel>
  )
}

interface AskedProps {
  application: Application
  ask: ApplicationAsk | undefined
  onClose: () => void
}

/** The form or question that the address holds open. */
function Asked({ application, ask, onClose }: AskedProps) {
  const reason = useReasonNotTo('applications:write')
  return (
    <>
      {ask === 'edit' && <EditApplication application={application} reason={reason} onClose={onClose} />}
      {ask === 'delete' && <DeleteApplication application={application} onClose={onClose} />}
      <RotateKey application={application} isAsked={ask === 'rotate'} onClose={onClose} />
    </>
  )
}

function Actions({ application, onAsk }: { application: Application; onAsk: OnAsk }) {
  const reason = useReasonNotTo('applications:write')
  return (
    <div className={classes.actions}>
      <Button variant="default" renderRoot={(props) => <Link {...props} {...to.brand(application.id)} />}>
        Brand
      </Button>
      <ActButton variant="default" reason={reason} onClick={() => onAsk('edit')}>
        Edit
      </ActButton>
      <ActButton variant="default" reason={reason} onClick={() => onAsk('rotate')}>
        Rotate key
      </ActButton>
      <ActButton variant="subtle" className={classes.last} reason={reason} onClick={() => onAsk('delete')}>
        Delete
      </ActButton>
    </div>
  )
}
