import { to } from '../paths.ts'
import { LinkTabs } from '../ui/link-tabs.tsx'

const pages = [
  { name: 'Providers', link: to.providers() },
  { name: 'Readiness', link: to.readiness() },
  { name: 'Fail-over sign-ins', link: to.failOverSignIns() },
] as const
type Name = (typeof pages)[number]['name']

/** Who vouches for people, who could do without them, and who had to. */
export function ProviderTabs({ here }: { here: Name }) {
  return (
    <LinkTabs label="About providers" tabs={pages.map(({ name, link }) => ({ name, link, isHere: name === here }))} />
  )
}
