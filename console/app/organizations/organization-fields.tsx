import { JsonInput, TextInput } from '@mantine/core'
import type { Organization } from '../api/wire/organizations.ts'
import type { useForm } from '../form/use-form.ts'
import { readMetadata } from '../users/metadata-change.ts'
import { slugComplaint, slugOf } from './slug-of.ts'

const NAME_MAX = 120

export interface OrganizationValues {
  name: string
  slug: string
  metadata_public: string
  metadata_private: string
}

/** Refusals of access that belong to one of these fields. */
export const refusedAt: Record<string, keyof OrganizationValues> = {
  'tenants.bad_name': 'name',
  'tenants.bad_slug': 'slug',
  'tenants.slug_taken': 'slug',
}

export function valuesOf(organization: Organization | null): OrganizationValues {
  const written = (value: object = {}) => (Object.keys(value).length === 0 ? '' : JSON.stringify(value, null, 2))
  return {
    name: organization?.name ?? '',
    slug: organization?.slug ?? '',
    metadata_public: written(organization?.metadata_public),
    metadata_private: written(organization?.metadata_private),
  }
}

export function wrongIn({ name, slug, metadata_public, metadata_private }: OrganizationValues) {
  const [open, closed] = [readMetadata(metadata_public), readMetadata(metadata_private)]
  // Of a name without any Latin letter access makes a short name of its own.
  const complaint = slug === '' && slugOf(name) === '' ? undefined : slugComplaint(slug)
  return {
    ...(name.trim() === '' && { name: 'Write the name, as its people write it.' }),
    ...(name.trim().length > NAME_MAX && { name: `Use at most ${NAME_MAX} characters.` }),
    ...(name.trim() !== '' && complaint && { slug: complaint }),
    ...('error' in open && { metadata_public: open.error }),
    ...('error' in closed && { metadata_private: closed.error }),
  }
}

/** What was not touched is not sent: others may have changed it meanwhile. */
export function changesOf(before: OrganizationValues, values: OrganizationValues) {
  const kept = (name: 'metadata_public' | 'metadata_private') => {
    const read = readMetadata(values[name])
    return values[name] !== before[name] && 'value' in read ? { [name]: read.value } : {}
  }
  const written = (name: 'name' | 'slug') =>
    values[name].trim() !== before[name] ? { [name]: values[name].trim() } : {}
  return { ...written('name'), ...written('slug'), ...kept('metadata_public'), ...kept('metadata_private') }
}

interface OrganizationFieldsProps {
  form: Pick<ReturnType<typeof useForm<OrganizationValues, Organization>>, 'values' | 'set' | 'field'>
  /** The short name follows the name until somebody writes their own. */
  isNew?: boolean
}

/** What is written about an organisation, when it is made and afterwards. */
export function OrganizationFields({ form, isNew = false }: OrganizationFieldsProps) {
  const { name, slug } = form.values
  function rename(next: string) {
    if (isNew && slug === slugOf(name)) form.set('slug', slugOf(next))
    form.set('name', next)
  }
  return (
    <>
      <TextInput
        label="Name"
        placeholder="Acme Labs"
        autoComplete="off"
        data-autofocus
        {...form.field('name')}
        onChange={(event) => rename(event.currentTarget.value)}
      />
      <TextInput
        label="Short name"
        description="Stands in addresses; no two organisations share one."
        autoComplete="off"
        spellCheck={false}
        {...form.field('slug')}
      />
      <Json
        label="Public metadata"
        description="Its members may read it."
        {...form.field('metadata_public')}
        onChange={(text) => form.set('metadata_public', text)}
      />
      <Json
        label="Private metadata"
        description="Only staff and your programs read it."
        {...form.field('metadata_private')}
        onChange={(text) => form.set('metadata_private', text)}
      />
    </>
  )
}

function Json(props: React.ComponentProps<typeof JsonInput>) {
  return (
    <JsonInput
      size="xs"
      autosize
      minRows={2}
      maxRows={8}
      formatOnBlur
      spellCheck={false}
      placeholder={'{"plan": "team"}'}
      {...props}
    />
  )
}
