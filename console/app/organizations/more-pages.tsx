import { type OrganizationSearch, to } from '../paths.ts'
import { Pager } from '../ui/pager.tsx'

interface MorePagesProps {
  organizationId: string
  search: OrganizationSearch
  next: string | null
}

/** The way through a part of the panel that is longer than one page. */
export function MorePages({ organizationId, search, next }: MorePagesProps) {
  if (!search.from && !next) return null
  const link = (from: string | undefined) => to.organization(organizationId, { ...search, from })
  return (
    <Pager first={search.from ? link(undefined) : null} next={next ? link(next) : null}>
      {null}
    </Pager>
  )
}
