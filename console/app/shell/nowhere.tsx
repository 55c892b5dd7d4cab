import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { to } from '../paths.ts'
import { Failed } from '../reading/failed.tsx'
import { Empty } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'

export function Nowhere() {
  return (
    <Page title="No such page" purpose="The address may be mistyped, or from another version of the console.">
      <Empty
        title="There is nothing at this address"
        action={
          <Button variant="default" renderRoot={(props) => <Link {...props} {...to.home()} />}>
            Go home
          </Button>
        }
      >
        <p>Everything there is can be reached from the navigation.</p>
      </Empty>
    </Page>
  )
}

/** A bug of the console itself. */
export function Fault({ error }: { error: unknown }) {
  return (
    <Page title="The console has a fault" purpose="The rest of Holdfast is not touched by it.">
      <Failed
        failure={error instanceof Error ? error : new Error(String(error))}
        actions={
          <Button variant="default" onClick={() => location.reload()}>
            Reload the page
          </Button>
        }
      />
    </Page>
  )
}
