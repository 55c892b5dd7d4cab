import { Checkbox, NativeSelect, NumberInput, TagsInput, Textarea, TextInput } from '@mantine/core'
import { MAX_AGE_KEY, ON_UNKNOWN_KEY, ON_UNKNOWN_VALUE_KEY } from '@holdfast/sdk/evaluate'
import { CLIENT_KEY, typeOf } from '../read-flags.ts'
import { contractComplaint } from './complaints.ts'
import { type Draft, withMetadata } from './draft.ts'

interface PartProps {
  draft: Draft
  onChange: (how: (before: Draft) => Draft) => void
}

const onUnknown = [
  { value: 'last-known', label: 'the last answer that was known' },
  { value: 'value', label: 'one value for everybody' },
  { value: 'refuse', label: 'no answer: the code gets an error' },
]

/** What is answered while nobody knows whether it still holds, and who may ask. Lies in the metadata of the flag. */
export function PromisesEditor({ draft, onChange }: PartProps) {
  const { metadata = {} } = draft.definition
  const says = metadata[ON_UNKNOWN_KEY] ?? 'last-known'
  const isKnown = onUnknown.some(({ value }) => value === says)
  const set = (changes: Parameters<typeof withMetadata>[1]) => onChange((before) => withMetadata(before, changes))
  const type = typeOf(draft.definition)
  const complaint = contractComplaint(draft.definition)
  const errorAt = (name: string) => (complaint?.name === name ? complaint.message : undefined)
  return (
    <>
      <NativeSelect
        label="While Holdfast cannot be asked, applications give"
        size="xs"
        data={isKnown ? onUnknown : [{ value: String(says), label: String(says) }, ...onUnknown]}
        value={String(says)}
        error={errorAt(ON_UNKNOWN_KEY)}
        onChange={({ currentTarget: { value } }) =>
          set({
            [ON_UNKNOWN_KEY]: value === 'last-known' ? undefined : value,
            [ON_UNKNOWN_VALUE_KEY]: value === 'value' ? firstValue(draft) : undefined,
          })
        }
      />
      {says === 'value' && (
        <TextInput
          label="Which value"
          description={type === 'object' ? 'Of an object: its JSON.' : undefined}
          spellCheck={false}
          value={String(metadata[ON_UNKNOWN_VALUE_KEY] ?? '')}
          error={errorAt(ON_UNKNOWN_VALUE_KEY)}
          onChange={({ currentTarget: { value } }) => set({ [ON_UNKNOWN_VALUE_KEY]: typed(value, type) })}
        />
      )}
      <NumberInput
        label="What was not confirmed for so many seconds counts as unknown"
        description="Left empty: as long as an application itself calls what it has stale."
        size="xs"
        min={0}
        suffix=" s"
        allowNegative={false}
        value={typeof metadata[MAX_AGE_KEY] === 'number' ? metadata[MAX_AGE_KEY] : ''}
        error={errorAt(MAX_AGE_KEY)}
        onChange={(seconds) => set({ [MAX_AGE_KEY]: seconds === '' ? undefined : Number(seconds) })}
      />
      <Checkbox
        size="xs"
        label="May be seen by browsers"
        description="Browser tokens get the answers of marked flags, never rules."
        checked={metadata[CLIENT_KEY] === true}
        onChange={(event) => set({ [CLIENT_KEY]: event.currentTarget.checked ? true : undefined })}
      />
    </>
  )
}

function firstValue({ definition: { variants, defaultVariant } }: Draft): string | number | boolean {
  const value = defaultVariant ? variants[defaultVariant] : Object.values(variants)[0]
  return typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean)
}

function typed(text: string, type: ReturnType<typeof typeOf>): string | number | boolean {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return type === 'number' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}

/** How people call it and find it. */
export function LabelsEditor({ draft, onChange }: PartProps) {
  const put = (changes: Partial<Draft>) => onChange((before) => ({ ...before, ...changes }))
  return (
    <>
      <TextInput
        label="Name"
        autoComplete="off"
        maxLength={120}
        value={draft.name}
        onChange={(event) => put({ name: event.currentTarget.value })}
      />
      <Textarea
        label="What it is for"
        size="xs"
        autosize
        minRows={1}
        maxRows={6}
        maxLength={2000}
        value={draft.description}
        onChange={(event) => put({ description: event.currentTarget.value })}
      />
      <TagsInput
        label="Tags"
        size="xs"
        placeholder={draft.tags.length === 0 ? 'Write one, then Enter' : ''}
        maxTags={20}
        acceptValueOnBlur
        value={draft.tags}
        onChange={(tags) => put({ tags })}
      />
    </>
  )
}
