import { Input, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/call.ts'
import type { Scope } from '../api/wire/scopes.ts'
import type { TokenKind, TokenWithSecret } from '../api/wire/tokens.ts'
import { OriginsField } from '../applications/origins-field.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { api, to } from '../paths.ts'
import { SecretOnce } from '../ui/secret-once.tsx'
import { NeedsFreshSignIn } from './fresh-sign-in.tsx'
import { ScopesField } from './scopes-field.tsx'

interface Values {
  kind: TokenKind
  name: string
  origins: string[]
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

const initial: Values = { kind: 'machine', name: '', origins: [''], scopes: [], days: '90' }

const kinds = [
  { value: 'machine', label: 'A program' },
  { value: 'browser', label: 'A page' },
]
const purposes: Record<TokenKind, string> = {
  machine: 'A program sends it as a Bearer token. Make one for each, so that each can be revoked alone.',
  browser:
    'A page sends it to be told its flags. Everybody who opens the page can read it, so it does nothing else, and is answered only about flags that are marked for browsers.',
}

/** One for each program, so that each can be revoked alone. */
export function MakeToken({ reason, onClose }: { reason: string | null; onClose: () => void }) {
  const navigate = useNavigate()
  const [made, setMade] = useState<TokenWithSecret | null>(null)
  const form = useForm<Values, TokenWithSecret>({
    initial,
    check: ({ kind, name, origins, scopes }) => ({
      ...(name.trim() === '' && { name: 'Say what uses it, such as “Nightly export”.' }),
      ...(kind === 'machine' && scopes.length === 0 && { scopes: 'Tick at least one.' }),
      ...(kind === 'browser' && filled(origins).length === 0 && { origins: 'Write at least one.' }),
    }),
    send: ({ kind, name, origins, scopes, days }, idempotencyKey) =>
      call({
        path: kind === 'browser' ? api.browserTokens() : api.tokens(),
        method: 'POST',
        body: {
          name: name.trim(),
          ...(kind === 'browser' ? { origins: filled(origins) } : { scopes }),
          ...(days !== NEVER && { expires_in_days: Number(days) }),
        },
        idempotencyKey,
      }),
    refusals: { 'tokens.bad_name': 'name', 'tokens.beyond_own': 'scopes', 'tokens.bad_origin': 'origins' },
    onDone: setMade,
  })
  if (made) {
    return <Secret made={made} onStored={() => void navigate({ ...to.token(made.token.id), replace: true })} />
  }
  return (
    <FormDialog
      isOpen
      title="Make a token"
      purpose={purposes[form.values.kind]}
      yes="Make token"
      form={form}
      reason={reason}
      size={620}
      onClose={onClose}
    >
      <NeedsFreshSignIn />
      <TokenFor value={form.values.kind} onChange={(kind) => form.set('kind', kind)} />
      <TextInput
        label="Name"
        description="What uses it; people find it by this."
        placeholder={form.values.kind === 'browser' ? 'Shop' : 'Nightly export'}
        autoComplete="off"
        maxLength={80}
        data-autofocus
        {...form.field('name')}
      />
      {form.values.kind === 'browser' ? (
        <OriginsField
          description="The pages that may send it, as browsers name them. From any other page it is refused."
          value={form.values.origins}
          error={form.errorOf('origins')}
          onChange={(origins) => form.set('origins', origins)}
        />
      ) : (
        <ScopesField
          value={form.values.scopes}
          error={form.errorOf('scopes')}
          onChange={(scopes) => form.set('scopes', scopes)}
        />
      )}
      <Select
        label="Good for"
        description={
          form.values.days === NEVER
            ? 'It stays good when everybody has forgotten it. The list marks it.'
            : `After that it is refused, and the ${form.values.kind === 'browser' ? 'page' : 'program'} needs another one.`
        }
        data={lives}
        value={form.values.days}
        allowDeselect={false}
        onChange={(days) => form.set('days', days ?? initial.days)}
      />
    </FormDialog>
  )
}

/** Chosen first: what it may do follows from it. */
function TokenFor({ value, onChange }: { value: TokenKind; onChange: (kind: TokenKind) => void }) {
  return (
    <Input.Wrapper size="xs" label="For" labelElement="div">
      <SegmentedControl
        fullWidth
        aria-label="For"
        data={kinds}
        value={value}
        onChange={(kind) => onChange(kind as TokenKind)}
      />
    </Input.Wrapper>
  )
}

const filled = (origins: readonly string[]) => origins.map((origin) => origin.trim()).filter((origin) => origin !== '')

function Secret({ made: { token, secret }, onStored }: { made: TokenWithSecret; onStored: () => void }) {
  return (
    <SecretOnce isOpen title={`The token for ${token.name}`} label="Token" secrets={[secret]} onStored={onStored}>
      {token.kind === 'browser' ? (
        <p>
          It is shown this once. It may stand in the code of the page: it is no secret, and good only from the origins
          you named.
        </p>
      ) : (
        <p>
          It is shown this once. Put it where the program keeps its secrets, not into its code; whoever loses it makes
          another one and revokes this.
        </p>
      )}
    </SecretOnce>
  )
}
