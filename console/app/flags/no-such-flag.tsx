import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { to } from '../paths.ts'
import { Empty } from '../ui/notice.tsx'

export function NoSuchFlag({ flagKey }: { flagKey: string }) {
  return (
    <Empty
      title="There is no such flag"
      action={
        <>
          <Button
            variant="default"
            renderRoot={(props) => <Link {...props} {...to.flagChanges({ key: flagKey, kind: 'flag' })} />}
          >
            What was done to it
          </Button>
          <Button variant="subtle" renderRoot={(props) => <Link {...props} {...to.flags()} />}>
            All flags
          </Button>
        </>
      }
    >
      <p>It was deleted, or never made. One that was deleted is brought back by undoing its deletion.</p>
    </Empty>
  )
}
