import { Autocomplete, JsonInput, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { call } from '../api/call.ts'
import type { User } from '../api/wire.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { api } from '../paths.ts'
import { changeOf, readMetadata } from './metadata-change.ts'
import { sayUser } from './say-user.ts'

interface Values {
  name: string
  picture_url: string
  locale: string
  time_zone: string
  metadata_public: string
  metadata_private: string
}

const profileNames = ['name', 'picture_url', 'locale', 'time_zone'] as const
const zones = Intl.supportedValuesOf('timeZone')
/** As many as are seen at once. */
const ZONES_OFFERED = 8

/** What is known about somebody, and what applications keep with them. Their sessions show it at once. */
export function EditUser({ user, reason, onClose }: { user: User; reason: string | null; onClose: () => void }) {
  const form = useForm<Values, User>({
    initial: valuesOf(user),
    check: wrongIn,
    send: (values, idempotencyKey) =>
      call({ path: api.user(user.id), method: 'PATCH', body: bodyOf(user, values), idempotencyKey }),
    onDone: (edited) => {
      onClose()
      notifications.show({ title: `Profile of ${sayUser(edited)} changed`, message: 'Their sessions show it now.' })
    },
  })
  return (
    <FormDialog
      isOpen
      title={`Edit the profile of ${sayUser(user)}`}
      yes="Save"
      form={form}
      reason={reason ?? (form.isChanged ? null : 'Nothing is changed yet.')}
      size={560}
      onClose={onClose}
    >
      <TextInput label="Name" autoComplete="off" data-autofocus {...form.field('name')} />
      <TextInput label="Picture" placeholder="https://acme.example/ana.png" {...form.field('picture_url')} />
      <TextInput
        label="Language"
        description="Of pages and mails, as a BCP 47 tag: en-GB, de, pt-PT."
        {...form.field('locale')}
      />
      <Autocomplete
        size="xs"
        label="Time zone"
        placeholder="Europe/Madrid"
        data={zones}
        limit={ZONES_OFFERED}
        value={form.values.time_zone}
        error={form.errorOf('time_zone')}
        onChange={(zone) => form.set('time_zone', zone)}
      />
      <Json
        label="Public metadata"
        description="Applications may show it to the person."
        {...form.field('metadata_public')}
        onChange={(text) => form.set('metadata_public', text)}
      />
      <Json
        label="Private metadata"
        description="For servers alone; never in a proof."
        {...form.field('metadata_private')}
        onChange={(text) => form.set('metadata_private', text)}
      />
    </FormDialog>
  )
}

function Json(props: React.ComponentProps<typeof JsonInput>) {
  // It would show an error of its own, or none, in place of ours.
  return (
    <JsonInput
      validationError={props.error}
      size="xs"
      autosize
      minRows={3}
      maxRows={10}
      formatOnBlur
      spellCheck={false}
      {...props}
    />
  )
}

function valuesOf(user: User): Values {
  const profile = Object.fromEntries(profileNames.map((name) => [name, user[name] ?? '']))
  return {
    ...(profile as Pick<Values, (typeof profileNames)[number]>),
    metadata_public: JSON.stringify(user.metadata_public, null, 2),
    metadata_private: JSON.stringify(user.metadata_private, null, 2),
  }
}

function wrongIn(values: Values): Partial<Values> {
  const [open, closed] = [readMetadata(values.metadata_public), readMetadata(values.metadata_private)]
  return {
    ...(!/^(https:\/\/\S+)?$/.test(values.picture_url.trim()) && { picture_url: 'Begin with https://.' }),
    ...(!isLocale(values.locale.trim()) && { locale: 'Write a language tag, such as en-GB.' }),
    ...(!isZone(values.time_zone.trim()) && { time_zone: 'Write an IANA name, such as Europe/Madrid.' }),
    ...('error' in open && { metadata_public: open.error }),
    ...('error' in closed && { metadata_private: closed.error }),
  }
}

/** What was not touched is not sent: others may have changed it meanwhile. */
function bodyOf(user: User, values: Values) {
  const changed = profileNames.filter((name) => values[name].trim() !== (user[name] ?? ''))
  const kept = (text: string) => (readMetadata(text) as { value: Record<string, unknown> }).value
  return {
    ...Object.fromEntries(changed.map((name) => [name, values[name].trim() || null])),
    metadata_public: changeOf(user.metadata_public, kept(values.metadata_public)),
    metadata_private: changeOf(user.metadata_private, kept(values.metadata_private)),
  }
}

function isLocale(tag: string): boolean {
  return tag === '' || isTaken(() => Intl.getCanonicalLocales(tag))
}

function isZone(name: string): boolean {
  return name === '' || isTaken(() => new Intl.DateTimeFormat('en', { timeZone: name }))
}

/** The browser says what it does not know by throwing. */
function isTaken(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}
