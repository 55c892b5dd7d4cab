import type { Organization } from '../api/wire/organizations.ts'
import { to } from '../paths.ts'
import { ReadAt, type Seen } from '../reading/reading.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { sayCountedTo, sayNumber } from '../ui/moment.ts'
import { Facts, PanelFoot, PanelPart } from '../ui/panel.tsx'
import { TextLink } from '../ui/text-link.tsx'
import { Time } from '../ui/time.tsx'
import { Metadata } from '../users/metadata.tsx'
import { SESSIONS_COUNTED_TO } from './read-organizations.ts'

export function OrganizationFacts({ organization, seen }: { organization: Organization; seen: Seen }) {
  return (
    <>
      <Facts
        facts={[
          ['Id', <Copyable key="id" value={organization.id} />],
          ['Short name', <Copyable key="slug" value={organization.slug} />],
          ['Members', sayNumber(organization.members)],
          ['Live sessions', sayCountedTo(SESSIONS_COUNTED_TO, organization.live_sessions)],
          ['Made', <Time key="made" at={organization.created_at} />],
          ['Changed', <Time key="changed" at={organization.updated_at} />],
          [
            'History',
            <TextLink key="audit" to={to.audit({ organization: organization.id })}>
              In the audit
            </TextLink>,
          ],
        ]}
      />
      <PanelPart title="Public metadata">
        <Metadata label="Public metadata" value={organization.metadata_public} purpose="Its members may read it." />
      </PanelPart>
      <PanelPart title="Private metadata">
        <Metadata
          label="Private metadata"
          value={organization.metadata_private}
          purpose="Only staff and your programs read it."
        />
      </PanelPart>
      <PanelFoot>
        <ReadAt seen={seen} />
      </PanelFoot>
    </>
  )
}
