import { TextInput } from '@mantine/core'
import type { Application } from '../api/wire/applications.ts'
import type { useForm } from '../form/use-form.ts'
import { OnUnknownField } from './on-unknown-field.tsx'
import { complaintsOf, readOrigins } from './origin-complaint.ts'
import { OriginsField } from './origins-field.tsx'

const NAME_MAX = 80

export interface ApplicationValues {
  name: string
  origins: string[]
  on_unknown: Application['on_unknown']
}

/** Refusals of access that belong to one of these fields. */
export const refusedAt: Record<string, keyof ApplicationValues> = {
  'applications.bad_name': 'name',
  'applications.bad_origin': 'origins',
  'applications.own_origin': 'origins',
  'applications.origin_taken': 'origins',
}

export function wrongIn({ name, origins }: ApplicationValues) {
  return {
    ...(name.trim() === '' && { name: 'Write the name, as people know the product.' }),
    ...(complaintsOf(origins).some(Boolean) && { origins: 'One of these cannot be registered.' }),
  }
}

export function bodyOf({ name, origins, on_unknown }: ApplicationValues) {
  return { name: name.trim(), origins: readOrigins(origins), on_unknown }
}

interface ApplicationFieldsProps {
  form: Pick<ReturnType<typeof useForm<ApplicationValues, unknown>>, 'values' | 'set' | 'field' | 'errorOf'>
}

export function ApplicationFields({ form }: ApplicationFieldsProps) {
  return (
    <>
      <TextInput
        label="Name"
        description="What people know the product by."
        placeholder="Acme Notes"
        autoComplete="off"
        maxLength={NAME_MAX}
        data-autofocus
        {...form.field('name')}
      />
      <OriginsField
        value={form.values.origins}
        error={form.errorOf('origins')}
        onChange={(origins) => form.set('origins', origins)}
      />
      <OnUnknownField value={form.values.on_unknown} onChange={(onUnknown) => form.set('on_unknown', onUnknown)} />
    </>
  )
}
