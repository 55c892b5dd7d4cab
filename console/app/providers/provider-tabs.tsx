import { to } from '../paths.ts'
import { LinkTabs } from '../ui/link-tabs.tsx'

const pages = [
  { name: 'Providers', link: to.providers() },
  { name: 'Readiness', link: to.readiness() },
  { name: 'Fail-over sign-ins', link: to.failOverSignIns() },
  { name: 'Kept out', link: to.keptOut() },
] as const
type Name = (typeof pages)[number]['name']

/** Who vouches for people, who could do without them, who had to, and who was not let in. */
export function ProviderTabs({ here }: { here: Name }) {
  return (
    <LinkTabs label="About providers" tabs={pages.map(({ name, link }) => ({ name, link, isHere: name === here }))} />
  )
}
