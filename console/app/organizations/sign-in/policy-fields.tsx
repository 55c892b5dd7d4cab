import { Checkbox, NativeSelect, NumberInput, Radio } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { SignInPolicy } from '../../api/wire/fail-over.ts'
import type { useForm } from '../../form/use-form.ts'
import { providersQuery } from '../../providers/read-providers.ts'
import classes from './policy-fields.module.css'
import { DAYS, MINUTES, type PolicyValues } from './policy-values.ts'

interface FieldsProps {
  form: Pick<ReturnType<typeof useForm<PolicyValues, unknown>>, 'values' | 'set' | 'errorOf'>
}

/** The ordinary day first, the outage beneath it: what is not demanded by the one cannot be less in the other. */
export function PolicyFields({ form }: FieldsProps) {
  return (
    <>
      <Ordinary form={form} />
      {form.values.provider_id !== null && <Outage form={form} />}
    </>
  )
}

function Ordinary({ form }: FieldsProps) {
  const { provider_id, demands, byProvider, byPasskey, byEmail, requirePasskeys } = form.values
  const providers = useQuery(providersQuery()).data?.data ?? []
  const isKnown = provider_id === null || providers.some(({ id }) => id === provider_id)
  return (
    <>
      <NativeSelect
        size="xs"
        label="Provider"
        description="Through whom its people come."
        data={[
          { value: '', label: 'None: they sign in here' },
          ...(isKnown ? [] : [{ value: provider_id, label: provider_id }]),
          ...providers.map(({ id, name, is_enabled }) => ({
            value: id,
            label: is_enabled ? name : `${name} (not enabled)`,
          })),
        ]}
        value={provider_id ?? ''}
        error={form.errorOf('provider_id')}
        data-autofocus
        onChange={(event) => form.set('provider_id', event.currentTarget.value || null)}
      />
      <Radio.Group
        size="xs"
        label="What is demanded of everybody"
        description="Never less, outage or not."
        value={demands}
        onChange={(chosen) => form.set('demands', chosen as SignInPolicy['demands'])}
      >
        <div className={classes.choices}>
          <Radio size="xs" value="nothing" label="Nothing more than a sign-in" />
          <Radio
            size="xs"
            value="second-factor"
            label="A second factor"
            description="A passkey, or a provider that is trusted to have asked for two. A code in a mail alone never is enough."
          />
          <Radio
            size="xs"
            value="provider"
            label="Its provider, and nothing else"
            description="Passkeys enrolled in a session of it lie dormant until it is down."
          />
        </div>
      </Radio.Group>
      {demands !== 'provider' && (
        <Checkbox.Group
          size="xs"
          label="On an ordinary day"
          error={form.errorOf('byPasskey')}
          value={[
            ...(byProvider ? ['provider'] : []),
            ...(byPasskey ? ['passkey'] : []),
            ...(byEmail && demands === 'nothing' ? ['email'] : []),
          ]}
          onChange={(chosen) => {
            form.set('byProvider', chosen.includes('provider'))
            form.set('byPasskey', chosen.includes('passkey'))
            if (demands === 'nothing') form.set('byEmail', chosen.includes('email'))
          }}
        >
          <div className={classes.choices}>
            <Checkbox
              size="xs"
              value="provider"
              label={provider_id === null ? 'Through any provider that they are linked to' : 'Through the provider'}
            />
            <Checkbox size="xs" value="passkey" label="By a passkey" />
            <Checkbox size="xs" value="email" label="By a code in a mail" disabled={demands !== 'nothing'} />
          </div>
        </Checkbox.Group>
      )}
      <Checkbox
        size="xs"
        label="Ask for a passkey at each sign-in by mail"
        description="Of whoever has none. It holds nobody back; otherwise it is offered."
        checked={requirePasskeys}
        onChange={(event) => form.set('requirePasskeys', event.currentTarget.checked)}
      />
    </>
  )
}

function Outage({ form }: FieldsProps) {
  const { demands, hasFailOver, failOverPasskey, failOverEmail, unknownOpens } = form.values
  const mayMail = demands === 'nothing'
  return (
    <fieldset className={classes.outage}>
      <legend>While the provider is down</legend>
      <Checkbox
        size="xs"
        label="Let people in another way"
        description="In the same accounts. Each session is marked, ends sooner, and has to be proved at the provider afterwards."
        checked={hasFailOver}
        error={form.errorOf('hasFailOver')}
        onChange={(event) => form.set('hasFailOver', event.currentTarget.checked)}
      />
      {hasFailOver && (
        <div className={classes.within}>
          <Checkbox.Group
            size="xs"
            label="By"
            description="The strongest that somebody has is offered first."
            value={[...(failOverPasskey ? ['passkey'] : []), ...(failOverEmail && mayMail ? ['email'] : [])]}
            onChange={(chosen) => {
              form.set('failOverPasskey', chosen.includes('passkey'))
              if (mayMail) form.set('failOverEmail', chosen.includes('email'))
            }}
          >
            <div className={classes.choices}>
              <Checkbox
                size="xs"
                value="passkey"
                label={demands === 'provider' ? 'A passkey enrolled in a session of the provider' : 'A passkey'}
              />
              <Checkbox
                size="xs"
                value="email"
                label="A code in a mail"
                description={mayMail ? undefined : 'Never where more than one factor, or the provider, is demanded.'}
                disabled={!mayMail}
              />
            </div>
          </Checkbox.Group>
          <div className={classes.pair}>
            <NumberInput
              size="xs"
              label="Only who came through it within"
              suffix=" days"
              min={DAYS.least}
              max={DAYS.most}
              allowDecimal={false}
              value={form.values.seenWithinDays}
              error={form.errorOf('seenWithinDays')}
              onChange={(days) => form.set('seenWithinDays', days)}
            />
            <NumberInput
              size="xs"
              label="Sessions end after"
              suffix=" minutes"
              min={MINUTES.least}
              max={MINUTES.most}
              step={15}
              allowDecimal={false}
              value={form.values.sessionMinutes}
              error={form.errorOf('sessionMinutes')}
              onChange={(minutes) => form.set('sessionMinutes', minutes)}
            />
          </div>
          <Checkbox
            size="xs"
            label="Also when nobody can tell whose fault it is"
            description="Then a fault of our own network opens it too. Leave it off unless being kept out is worse."
            checked={unknownOpens}
            onChange={(event) => form.set('unknownOpens', event.currentTarget.checked)}
          />
        </div>
      )}
    </fieldset>
  )
}
