import { Select, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/call.ts'
import type { Scope } from '../api/wire/scopes.ts'
import type { TokenWithSecret } from '../api/wire/tokens.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { api, to } from '../paths.ts'
import { SecretOnce } from '../ui/secret-once.tsx'
import { NeedsFreshSignIn } from './fresh-sign-in.tsx'
import { ScopesField } from './scopes-field.tsx'

interface Values {
  name: string
  scopes: Scope[]
  days: string
}

const NEVER = 'never'
const lives = [
  { value: '1', label: '1 day' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '365 days' },
  { value: NEVER, label: 'Until it is revoked' },
]

const initial: Values = { name: '', scopes: [], days: '90' }

/** One for each program, so that each can be revoked alone. */
export function MakeToken({ reason, onClose }: { reason: string | null; onClose: () => void }) {
  const navigate = useNavigate()
  const [made, setMade] = useState<TokenWithSecret | null>(null)
  const form = useForm<Values, TokenWithSecret>({
    initial,
    check: ({ name, scopes }) => ({
      ...(name.trim() === '' && { name: 'Say what uses it, such as “Nightly export”.' }),
      ...(scopes.length === 0 && { scopes: 'Tick at least one.' }),
    }),
    send: ({ name, scopes, days }, idempotencyKey) =>
      call({
        path: api.tokens(),
        method: 'POST',
        body: { name: name.trim(), scopes, ...(days !== NEVER && { expires_in_days: Number(days) }) },
        idempotencyKey,
      }),
    refusals: { 'tokens.bad_name': 'name', 'tokens.beyond_own': 'scopes' },
    onDone: setMade,
  })
  if (made) {
    return <Secret made={made} onStored={() => void navigate({ ...to.token(made.token.id), replace: true })} />
  }
  return (
    <FormDialog
      isOpen
      title="Make a token"
      purpose="A program sends it as a Bearer token. Make one for each, so that each can be revoked alone."
      yes="Make token"
      form={form}
      reason={reason}
      size={620}
      onClose={onClose}
    >
      <NeedsFreshSignIn />
      <TextInput
        label="Name"
        description="What uses it; people find it by this."
        placeholder="Nightly export"
        autoComplete="off"
        maxLength={80}
        data-autofocus
        {...form.field('name')}
      />
      <ScopesField
        value={form.values.scopes}
        error={form.errorOf('scopes')}
        onChange={(scopes) => form.set('scopes', scopes)}
      />
      <Select
        label="Good for"
        description={
          form.values.days === NEVER
            ? 'It stays good when everybody has forgotten it. The list marks it.'
            : 'After that it is refused, and the program needs another one.'
        }
        data={lives}
        value={form.values.days}
        allowDeselect={false}
        onChange={(days) => form.set('days', days ?? initial.days)}
      />
    </FormDialog>
  )
}

function Secret({ made: { token, secret }, onStored }: { made: TokenWithSecret; onStored: () => void }) {
  return (
    <SecretOnce isOpen title={`The token for ${token.name}`} label="Token" secrets={[secret]} onStored={onStored}>
      <p>
        It is shown this once. Put it where the program keeps its secrets, not into its code; whoever loses it makes
        another one and revokes this.
      </p>
    </SecretOnce>
  )
}
