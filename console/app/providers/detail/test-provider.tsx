import { Button, Modal } from '@mantine/core'
import { call } from '../../api/call.ts'
import type { Provider, ProviderTest } from '../../api/wire/providers.ts'
import { api } from '../../paths.ts'
import { TEST_DEADLINE_MS } from '../test-deadline.ts'
import { useDeed } from '../../reading/deed.ts'
import { DeedFailed } from '../../reading/deed-failed.tsx'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { ActButton } from '../../ui/act-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { CallbackAddress } from '../callback-address.tsx'
import classes from './test-provider.module.css'

/** Asks it everything that a sign-in asks but a person, step by step, and says where it went wrong. */
export function TestProvider({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const reason = useReasonNotTo('providers:write')
  const test = useDeed(
    (_: null, idempotencyKey: string) =>
      call<ProviderTest>({
        path: api.providerTest(provider.id),
        method: 'POST',
        deadlineMs: TEST_DEADLINE_MS,
        idempotencyKey,
      }),
    () => {},
  )
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Test ${provider.name}`}
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <p className={classes.purpose}>
        Holdfast asks it what a sign-in asks, from here and by the same way out: its discovery document, its keys, its
        page for people, and whether it knows this client. Nobody signs in.
      </p>
      {!provider.tested_at && <CallbackAddress preset={provider.preset} url={provider.callback_url} />}
      {test.data && <Outcome test={test.data} provider={provider} />}
      <DeedFailed failure={test.error} again="Trying again is safe: it asks once more." />
      <div className={classes.actions}>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <ActButton
          reason={reason}
          loading={test.isPending}
          data-autofocus
          variant={test.data ? 'default' : 'filled'}
          onClick={() => test.mutate(null)}
        >
          {test.data ? 'Test again' : 'Begin the test'}
        </ActButton>
      </div>
    </Modal>
  )
}

const steps: Record<string, string> = {
  discovery: 'Its discovery document is there',
  issuer: 'It is who it was said to be',
  endpoints: 'Its addresses can be used',
  keys: 'Its keys are there',
  authorization: 'Its page for people answers',
  client: 'It knows this client and its secret',
}

/** A step of a newer access is named as it came. */
const sayStep = (name: string): string => steps[name] ?? name

function Outcome({ test: { is_good, steps: done }, provider }: { test: ProviderTest; provider: Provider }) {
  return (
    <div role="status" className={classes.outcome}>
      {is_good ? (
        <p className={classes.good}>
          <StateMark state="ok">
            It works. {provider.is_enabled ? 'It is enabled already.' : 'It can be enabled now.'}
          </StateMark>
        </p>
      ) : (
        <Notice state="failing" title="It does not work yet">
          <p>Nobody is sent there before it does. Put right what the first step says that went wrong.</p>
        </Notice>
      )}
      <ol className={classes.steps} aria-label="Steps of the test">
        {done.map(({ name, outcome, detail }) => (
          <li key={name}>
            <StateMark state={outcome === 'good' ? 'ok' : 'failing'}>{sayStep(name)}</StateMark>
            <span className={classes.detail}>{detail}</span>
          </li>
        ))}
      </ol>
    </div>
  )
}
