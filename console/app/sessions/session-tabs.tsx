import { to } from '../paths.ts'
import { LinkTabs } from '../ui/link-tabs.tsx'

const pages = [
  { name: 'Sessions', link: to.sessions() },
  { name: 'Why was I signed out?', link: to.why() },
  { name: 'Impersonations', link: to.impersonations() },
] as const
type Name = (typeof pages)[number]['name']

/** Who is signed in, who was, and who acted as whom. */
export function SessionTabs({ here }: { here: Name }) {
  return (
    <LinkTabs label="About sessions" tabs={pages.map(({ name, link }) => ({ name, link, isHere: name === here }))} />
  )
}
