import type { Application } from '../api/wire/applications.ts'
import { NameCell } from '../ui/name-cell.tsx'

/** An application in a list: its name, and where it is served from. */
export function ApplicationCell({ application: { name, origins } }: { application: Application }) {
  return <NameCell name={name}>{origins.join(', ')}</NameCell>
}
