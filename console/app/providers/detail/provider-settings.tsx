import type { Provider } from '../../api/wire/providers.ts'
import { to } from '../../paths.ts'
import type { ProviderAsk } from '../provider-search.ts'
import { ReadAt, type Seen } from '../../reading/reading.tsx'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { ActButton } from '../../ui/act-button.tsx'
import { Card } from '../../ui/card.tsx'
import { useClock } from '../../ui/clock.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { sayDuration } from '../../ui/moment.ts'
import { Facts } from '../../ui/panel.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Moment, Time } from '../../ui/time.tsx'
import { presetWords } from '../presets.ts'
import { SecretMark } from '../secret-mark.tsx'
import { ProviderKeys } from './provider-keys.tsx'
import classes from './provider-settings.module.css'
import { SecretNotice } from './secret-notice.tsx'

interface ProviderSettingsProps {
  provider: Provider
  seen: Seen
  onAsk: (ask: ProviderAsk) => void
}

const none = (text: string) => <span className={classes.none}>{text}</span>

/** What is written about it. The secret is not: it is kept sealed, and only replaced. */
export function ProviderSettings({ provider, seen, onAsk }: ProviderSettingsProps) {
  return (
    <div className={classes.all}>
      <SecretNotice provider={provider} onAsk={onAsk} />
      <div className={classes.pair}>
        <Client provider={provider} onAsk={onAsk} />
        <div className={classes.column}>
          <People provider={provider} />
          <Kept provider={provider} />
          <ProviderKeys provider={provider} />
        </div>
      </div>
      <p className={classes.foot}>
        <ReadAt seen={seen} />
      </p>
    </div>
  )
}

function Client({ provider, onAsk }: Pick<ProviderSettingsProps, 'provider' | 'onAsk'>) {
  const reason = useReasonNotTo('providers:write')
  const { id, preset, issuer, client_id, callback_url, scopes, tested_at, changed_at } = provider
  const edit = (
    <ActButton variant="default" reason={reason} onClick={() => onAsk('edit')}>
      Edit
    </ActButton>
  )
  return (
    <Card title="The provider" aside={edit}>
      <div className={classes.facts}>
        <Facts
          facts={[
            ['Id', <Copyable key="id" value={id} />],
            ['What it is', presetWords[preset]?.name ?? preset],
            ['Issuer', <Copyable key="issuer" value={issuer} />],
            ['Client id', <Copyable key="client" value={client_id} />],
            ['Callback', <Copyable key="callback" value={callback_url} />],
            ['Client secret', <SecretMark key="secret" provider={provider} />],
            ['Asks for', scopes.join(' ')],
            ['Tested', tested_at ? <Time key="tested" at={tested_at} /> : none('Not with these settings')],
            ['Changed', <Time key="changed" at={changed_at} />],
            [
              'History',
              <TextLink key="audit" to={to.audit({ subject: id })}>
                In the audit
              </TextLink>,
            ],
          ]}
        />
      </div>
    </Card>
  )
}

function People({ provider }: { provider: Provider }) {
  const { preset, domains, tenants, trusts_email, trusts_factors, email_counts_from, factors_count_from } = provider
  const nobody = 'None: nobody is offered it by their address'
  const own = tenants.length > 0 ? <List key="tenants" of={tenants} /> : none('The one of the issuer')
  return (
    <Card title="Its people">
      <div className={classes.facts}>
        <Facts
          facts={[
            ['Domains', domains.length > 0 ? <List key="domains" of={domains} /> : none(nobody)],
            ...(preset === 'entra' ? [['Tenants', own] as const] : []),
            [
              'Addresses',
              trusts_email ? (
                <Trusted key="addresses" from={email_counts_from} what="in an outage it counts">
                  Trusted: one of its domains that it calls verified is taken for proven
                </Trusted>
              ) : (
                'Not trusted: a code is mailed the first time'
              ),
            ],
            [
              'Second factors',
              trusts_factors ? (
                <Trusted key="factors" from={factors_count_from} what="they count">
                  Trusted: two that it names count as two
                </Trusted>
              ) : (
                'Not trusted: it counts as one factor'
              ),
            ],
          ]}
        />
      </div>
    </Card>
  )
}

interface TrustedProps {
  /** Null: at once. */
  from: string | null
  what: string
  children: React.ReactNode
}

/** Trusted later than at the beginning, it begins to count a day after: it opens no door at once. */
function Trusted({ from, what, children }: TrustedProps) {
  const { serverNowMs } = useClock()
  const isToCome = from !== null && Date.parse(from) > serverNowMs
  return (
    <>
      {children}
      {isToCome && (
        <>
          ; {what} from <Moment at={from} />
        </>
      )}
    </>
  )
}

/** What is there when it cannot be asked. */
function Kept({ provider: { last_fetched, keys_good_for_ms } }: { provider: Provider }) {
  const { keys, discovery } = last_fetched
  return (
    <Card title="Kept for an outage">
      <div className={classes.facts}>
        <Facts
          facts={[
            ['Keys', keys ? <Time key="keys" at={keys} /> : none('Never fetched: no token of it can be checked')],
            [
              'Discovery',
              discovery ? <Time key="discovery" at={discovery} /> : none('Never fetched: nobody can be sent there'),
            ],
            ['Good for', `${sayDuration(keys_good_for_ms)} when they cannot be fetched`],
          ]}
        />
      </div>
    </Card>
  )
}

function List({ of }: { of: readonly string[] }) {
  return (
    <ul className={classes.list}>
      {of.map((each) => (
        <li key={each}>{each}</li>
      ))}
    </ul>
  )
}
