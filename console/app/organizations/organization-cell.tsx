import type { Organization } from '../api/wire/organizations.ts'
import { NameCell } from '../ui/name-cell.tsx'

/** An organisation in a list: its name, and the short one that stands in addresses. */
export function OrganizationCell({ organization: { name, slug } }: { organization: Organization }) {
  return <NameCell name={name}>{slug}</NameCell>
}
