import { Checkbox, NativeSelect, PasswordInput, TagsInput, TextInput } from '@mantine/core'
import { type Preset, presets } from '../api/wire/providers.ts'
import type { useForm } from '../form/use-form.ts'
import { CallbackAddress } from './callback-address.tsx'
import { issuerOf, presetWords, takesAnyTenant } from './presets.ts'
import { OFFLINE, type ProviderValues } from './provider-fields.ts'
import { sayDuration } from '../ui/moment.ts'
import classes from './provider-form.module.css'

/** As access has it. */
const DOMAINS_MAX = 50

interface ProviderFieldsProps {
  form: Pick<ReturnType<typeof useForm<ProviderValues, unknown>>, 'values' | 'set' | 'field' | 'errorOf'>
  /** Null: it is not kept yet, and has none. */
  callbackUrl: string | null
  /** Of one that is there: what it is cannot become something else, and its secret stays if none is written. */
  isThere?: boolean
}

/** What is written about a provider. Each preset asks for what its own console shows, and no more. */
export function ProviderFields({ form, callbackUrl, isThere = false }: ProviderFieldsProps) {
  const { preset } = form.values
  const words = presetWords[preset]
  return (
    <>
      {!isThere && (
        <NativeSelect
          size="xs"
          label="What it is"
          data={presets.map((each) => ({ value: each, label: presetWords[each].name }))}
          value={preset}
          data-autofocus
          onChange={(event) => form.set('preset', event.currentTarget.value as Preset)}
        />
      )}
      <TextInput
        label="Name"
        description="Stands on the button: “Continue with …”."
        placeholder={preset === 'oidc' ? 'Acme login' : words.name}
        autoComplete="off"
        {...form.field('name')}
      />
      <Where form={form} />
      {callbackUrl !== null && <CallbackAddress preset={preset} url={callbackUrl} />}
      <Client form={form} isThere={isThere} />
      <People form={form} />
      <Trust form={form} />
      <Seldom form={form} />
    </>
  )
}

type Fields = Pick<ProviderFieldsProps, 'form'>

/** Where it is, in its own words, and the issuer that comes of it. */
function Where({ form }: Fields) {
  const { preset, tenant } = form.values
  const { asks, host } = presetWords[preset]
  return (
    <>
      {host && (
        <TextInput
          label={host.label}
          description={host.description}
          placeholder={host.placeholder}
          autoComplete="off"
          spellCheck={false}
          {...form.field('host')}
          error={form.errorOf('host') ?? (asks.includes('issuer') ? undefined : form.errorOf('issuer'))}
        />
      )}
      {asks.includes('realm') && (
        <TextInput label="Realm" placeholder="acme" autoComplete="off" spellCheck={false} {...form.field('realm')} />
      )}
      {asks.includes('tenant') && (
        <TextInput
          label="Directory (tenant) id"
          description="Of one company; or “organizations” for several, which are named beneath."
          placeholder="8a3c0f5e-…"
          autoComplete="off"
          spellCheck={false}
          {...form.field('tenant')}
        />
      )}
      {asks.includes('tenant') && takesAnyTenant(tenant) && (
        <TagsInput
          size="xs"
          label="Tenants that may come in"
          description="Their directory ids. Nobody of another company is let in."
          value={form.values.tenants}
          error={form.errorOf('tenants')}
          acceptValueOnBlur
          onChange={(tenants) => form.set('tenants', tenants)}
        />
      )}
      {asks.includes('issuer') ? (
        <TextInput
          label="Issuer"
          description="Letter by letter as its discovery document says it."
          placeholder="https://login.acme.example"
          autoComplete="off"
          spellCheck={false}
          {...form.field('issuer')}
        />
      ) : (
        isFilled(form.values) && (
          <p className={classes.issuer}>
            Issuer <code>{issuerOf(form.values)}</code>
          </p>
        )
      )}
    </>
  )
}

/** Half an address would look like one. */
const isFilled = (values: ProviderValues) =>
  presetWords[values.preset].asks.every((field) => values[field].trim() !== '')

function Client({ form, isThere }: Fields & { isThere: boolean }) {
  return (
    <>
      <TextInput label="Client id" autoComplete="off" spellCheck={false} {...form.field('client_id')} />
      <div className={classes.pair}>
        <PasswordInput
          size="xs"
          label="Client secret"
          description={
            isThere ? 'Empty: it stays as it is.' : 'Kept sealed; nobody can read it again, here or by the API.'
          }
          autoComplete="new-password"
          spellCheck={false}
          {...form.field('client_secret')}
        />
        <TextInput
          type="date"
          label="The secret ends on"
          description="You are warned a month before. Empty: not known."
          {...form.field('client_secret_expires_at')}
        />
      </div>
    </>
  )
}

function People({ form }: Fields) {
  return (
    <TagsInput
      size="xs"
      label="Domains"
      description="Whoever types an address of one is offered this provider. Everybody sees that, so it is public. Enter adds one."
      placeholder={form.values.domains.length === 0 ? 'acme.example' : ''}
      value={form.values.domains}
      error={form.errorOf('domains')}
      maxTags={DOMAINS_MAX}
      acceptValueOnBlur
      splitChars={[',', ' ', ';']}
      onChange={(domains) => form.set('domains', [...new Set(domains.map(plainDomain))])}
    />
  )
}

const plainDomain = (typed: string) => typed.trim().toLowerCase().replace(/^.*@/, '')

function Trust({ form }: Fields) {
  return (
    <>
      <Checkbox
        size="xs"
        label="Trust what it says of addresses"
        description="An address of its domains that it calls verified is taken for proven: no code is mailed the first time. Only for one that really checks them, and whose administrators may vouch for these domains."
        checked={form.values.trusts_email}
        onChange={(event) => form.set('trusts_email', event.currentTarget.checked)}
      />
      <Checkbox
        size="xs"
        label="Trust what it says of second factors"
        description="When it says that somebody showed two, they count as two. Otherwise an organisation that demands a second factor asks for a passkey of ours."
        checked={form.values.trusts_factors}
        onChange={(event) => form.set('trusts_factors', event.currentTarget.checked)}
      />
    </>
  )
}

const HOUR_MS = 60 * 60_000
const KEPT = [HOUR_MS * 24, HOUR_MS * 72, HOUR_MS * 168]
const auths = [
  { value: 'client_secret_basic', label: 'In the header (usual)' },
  { value: 'client_secret_post', label: 'In the body' },
  { value: 'none', label: 'There is none: a public client' },
]

/** What few have to touch. */
function Seldom({ form }: Fields) {
  const { token_endpoint_auth, scopes, keys_good_for_ms } = form.values
  const kept = KEPT.includes(keys_good_for_ms) ? KEPT : [...KEPT, keys_good_for_ms].toSorted((a, b) => a - b)
  return (
    <details className={classes.seldom}>
      <summary>What few have to change</summary>
      <div className={classes.fields}>
        <Checkbox
          size="xs"
          label="Notice when somebody is removed there"
          description="Asks for offline_access. Allow refresh tokens for the client over there."
          checked={scopes.includes(OFFLINE)}
          onChange={(event) =>
            form.set('scopes', [
              ...scopes.filter((each) => each !== OFFLINE),
              ...(event.currentTarget.checked ? [OFFLINE] : []),
            ])
          }
        />
        <div className={classes.pair}>
          <NativeSelect
            size="xs"
            label="How the secret is shown"
            data={auths}
            value={token_endpoint_auth}
            onChange={(event) =>
              form.set('token_endpoint_auth', event.currentTarget.value as ProviderValues['token_endpoint_auth'])
            }
          />
          <NativeSelect
            size="xs"
            label="Its last keys are good for"
            description="While they cannot be fetched."
            data={kept.map((ms) => ({ value: String(ms), label: sayDuration(ms) }))}
            value={String(keys_good_for_ms)}
            onChange={(event) => form.set('keys_good_for_ms', Number(event.currentTarget.value))}
          />
        </div>
      </div>
    </details>
  )
}
