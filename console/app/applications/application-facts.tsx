import type { Application } from '../api/wire/applications.ts'
import { to } from '../paths.ts'
import { ReadAt, type Seen } from '../reading/reading.tsx'
import { CodeToCopy } from '../ui/code-to-copy.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { sayCountedTo } from '../ui/moment.ts'
import { Facts, PanelFoot, PanelPart } from '../ui/panel.tsx'
import { TextLink } from '../ui/text-link.tsx'
import { Time } from '../ui/time.tsx'
import classes from './application-panel.module.css'
import { asImage } from './brand/logo.ts'
import { lightAccent } from './brand/accent.ts'
import { SESSIONS_COUNTED_TO } from './read-applications.ts'
import { explainOnUnknown } from './say-on-unknown.ts'
import { sdkLines } from './sdk-lines.ts'

export function ApplicationFacts({ application, seen }: { application: Application; seen: Seen }) {
  const { previous_key_valid_until: previous } = application
  return (
    <>
      <Facts
        facts={[
          ['Id', <Copyable key="id" value={application.id} />],
          ['Origins', application.origins.length > 0 ? <Origins key="origins" of={application} /> : null],
          ['When unknown', explainOnUnknown(application.on_unknown)],
          ['Brand', <BrandInShort key="brand" of={application} />],
          ['Live sessions', <LiveSessions key="live" of={application} />],
          ['Made', <Time key="made" at={application.created_at} />],
          ['Changed', <Time key="changed" at={application.updated_at} />],
          [
            'History',
            <TextLink key="audit" to={to.audit({ subject: application.id })}>
              In the audit
            </TextLink>,
          ],
        ]}
      />
      <PanelPart title="Key">
        <Facts
          facts={[
            ['Ends in', application.key_hint && <code key="hint">{application.key_hint}</code>],
            ['Made', application.key_created_at && <Time key="key" at={application.key_created_at} />],
            ...(previous ? [['The one before', <Time key="before" at={previous} />] as const] : []),
          ]}
        />
        {previous && <p className={classes.note}>Until then both are accepted.</p>}
      </PanelPart>
      <PanelPart title="In its server">
        <CodeToCopy label="@holdfast/sdk" text={sdkLines(location.origin, application)} />
      </PanelPart>
      <PanelFoot>
        <ReadAt seen={seen} />
      </PanelFoot>
    </>
  )
}

function Origins({ of: { origins } }: { of: Application }) {
  return (
    <ul className={classes.origins}>
      {origins.map((origin) => (
        <li key={origin}>{origin}</li>
      ))}
    </ul>
  )
}

function LiveSessions({ of: { audience, live_sessions } }: { of: Application }) {
  return <TextLink to={to.sessions({ audience })}>{sayCountedTo(SESSIONS_COUNTED_TO, live_sessions)}</TextLink>
}

function BrandInShort({ of: { id, name, brand } }: { of: Application }) {
  return (
    <span className={classes.brand}>
      {brand.logo_svg ? (
        <img className={classes.logo} src={asImage(brand.logo_svg)} alt="" />
      ) : (
        brand.accent && <span className={classes.accent} style={{ background: lightAccent(brand.accent) }} />
      )}
      <TextLink to={to.brand(id)}>{brand.name ?? name}</TextLink>
    </span>
  )
}
