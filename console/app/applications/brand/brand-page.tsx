import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { to } from '../../paths.ts'
import { Reading } from '../../reading/reading.tsx'
import { Page } from '../../ui/page.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { NoSuchApplication } from '../no-such-application.tsx'
import { applicationQuery } from '../read-applications.ts'
import { BrandEditor } from './brand-editor.tsx'

export const crumb = 'Brand'

export function loader(client: QueryClient, applicationId: string) {
  void client.prefetchQuery(applicationQuery(applicationId))
}

/** How the hosted pages and mails look for one application, changed beside what comes of it. */
export function BrandPage() {
  const { applicationId } = useParams({ from: '/applications/$applicationId/brand' })
  const application = useQuery(applicationQuery(applicationId))
  return (
    <Page
      title={application.data ? `Brand of ${application.data.name}` : 'Brand'}
      purpose={
        <>
          How sign-in, account and mails look for{' '}
          <TextLink to={to.application(applicationId)}>{application.data?.name ?? applicationId}</TextLink>. Nobody sees
          a change before it is saved.
        </>
      }
    >
      <Reading
        query={application}
        about="brand"
        waiting={<RowsToCome rows={6} />}
        notFound={<NoSuchApplication back={to.applications()} />}
      >
        {(data) => <BrandEditor key={data.id} application={data} />}
      </Reading>
    </Page>
  )
}
