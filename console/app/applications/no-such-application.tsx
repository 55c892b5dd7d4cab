import { Button } from '@mantine/core'
import { Link, type LinkProps } from '@tanstack/react-router'
import { Empty } from '../ui/notice.tsx'

export function NoSuchApplication({ back }: { back: LinkProps }) {
  return (
    <Empty
      title="There is no such application"
      action={
        <Button variant="default" renderRoot={(props) => <Link {...props} {...back} />}>
          Back to the list
        </Button>
      }
    >
      <p>It may have been deleted, or the id belongs to another installation.</p>
    </Empty>
  )
}
