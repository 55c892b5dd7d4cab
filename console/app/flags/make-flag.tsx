import { NativeSelect, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { FlagType } from '@holdfast/sdk/evaluate'
import { useNavigate } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import type { FlagChanged } from '../api/wire/flags.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { api, to } from '../paths.ts'
import { keyComplaint } from './key-of.ts'
import { NameAndKey } from './name-and-key.tsx'
import { flagTypes, newDefinition, types } from './flag-types.ts'

interface Values {
  name: string
  key: string
  type: FlagType
  description: string
}

/** Begins as what nobody notices: everybody gets the default variant. */
export function MakeFlag({ reason, onClose }: { reason: string | null; onClose: () => void }) {
  const navigate = useNavigate()
  const form = useForm<Values, FlagChanged>({
    initial: { name: '', key: '', type: 'boolean', description: '' },
    check: ({ key }) => {
      const complaint = keyComplaint(key)
      return complaint ? { key: complaint } : {}
    },
    send: ({ name, key, type, description }, idempotencyKey) =>
      call({
        path: api.flags(),
        method: 'POST',
        body: {
          ...{ key, definition: newDefinition(type) },
          ...(name.trim() && { name: name.trim() }),
          ...(description.trim() && { description: description.trim() }),
        },
        idempotencyKey,
      }),
    refusals: { 'flags.exists': 'key', 'flags.reserved_key': 'key' },
    onDone: ({ flag }) => {
      const everybody = `Everybody gets ${flag.default_variant ?? 'the default of the code'} for now.`
      notifications.show({ title: `${flag.key} is made`, message: everybody })
      void navigate(to.flag(flag.key))
    },
  })
  return (
    <FormDialog
      isOpen
      title="Make a flag"
      purpose="Nobody sees a difference yet: everybody gets its default variant. Whom it is for you say next."
      yes="Make flag"
      form={form}
      reason={reason}
      onClose={onClose}
    >
      <NameAndKey form={form} examples={{ name: 'New view', key: 'new-view' }} keyIs="What your code asks by." />
      <NativeSelect
        label="Its values are"
        size="xs"
        data={flagTypes.map((type) => ({ value: type, label: types[type].name }))}
        value={form.values.type}
        onChange={({ currentTarget: { value } }) => form.set('type', value as FlagType)}
      />
      <TextInput
        label="What it is for"
        autoComplete="off"
        maxLength={2000}
        placeholder="The new list of documents, release 4"
        {...form.field('description')}
      />
    </FormDialog>
  )
}
