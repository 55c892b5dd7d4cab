import { to } from '../paths.ts'
import { LinkTabs } from '../ui/link-tabs.tsx'

const pages = [
  { name: 'Flags', link: to.flags() },
  { name: 'Try it', link: to.flagTry() },
  { name: 'History', link: to.flagChanges() },
  { name: 'Fleet', link: to.flagFleet() },
] as const
type Name = (typeof pages)[number]['name']

/** Flags, what they answer, what was done to them, and who follows them. */
export function FlagTabs({ here }: { here: Name }) {
  return <LinkTabs label="About flags" tabs={pages.map(({ name, link }) => ({ name, link, isHere: name === here }))} />
}
