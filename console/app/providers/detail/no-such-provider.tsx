import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { to } from '../../paths.ts'
import { Empty } from '../../ui/notice.tsx'

export function NoSuchProvider() {
  return (
    <Empty
      title="There is no such provider"
      action={
        <Button variant="default" renderRoot={(props) => <Link {...props} {...to.providers()} />}>
          All providers
        </Button>
      }
    >
      <p>It may have been removed, or the id belongs to another installation.</p>
    </Empty>
  )
}
