import { ActionIcon, Button, JsonInput, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import type { FlagType } from '@holdfast/sdk/evaluate'
import { IconPlus, IconX } from '@tabler/icons-react'
import { typeOf } from '../read-flags.ts'
import { type Draft, renameVariant, withPart } from './draft.ts'
import classes from './flag-editor.module.css'

interface VariantsEditorProps {
  draft: Draft
  onChange: (how: (before: Draft) => Draft) => void
}

const fresh: Record<FlagType, unknown> = { boolean: true, string: '', number: 0, object: {} }

/** The answers there are: a name for people and rules, a value for the code. All are of one type. */
export function VariantsEditor({ draft, onChange }: VariantsEditorProps) {
  const { variants, defaultVariant } = draft.definition
  const entries = Object.entries(variants)
  const type = typeOf(draft.definition)
  const put = (next: Record<string, unknown>) => onChange((before) => withPart(before, { variants: next }))
  function add() {
    const name = nextName(entries.map(([each]) => each))
    put({ ...variants, [name]: fresh[type] ?? true })
  }
  return (
    <>
      <ul className={classes.variants}>
        {entries.map(([name, value], at) => (
          // Renamed with every key that is pressed, and the field must keep the focus.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above.
          <li key={at} className={classes.variant}>
            <TextInput
              className={classes.variantName}
              aria-label={`Name of variant ${at + 1}`}
              spellCheck={false}
              value={name}
              onChange={({ currentTarget: { value: next } }) => {
                // Two of one name would be one.
                if (!Object.hasOwn(variants, next)) onChange((before) => renameVariant(before, name, next))
              }}
            />
            <Value name={name} type={type} value={value} onChange={(next) => put({ ...variants, [name]: next })} />
            <ActionIcon
              aria-label={`Remove variant ${name}`}
              size={30}
              disabled={entries.length < 2}
              onClick={() => put(Object.fromEntries(entries.filter(([each]) => each !== name)))}
            >
              <IconX size={14} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <div className={classes.adds}>
        <Button variant="subtle" leftSection={<IconPlus size={14} />} onClick={add}>
          Add a variant
        </Button>
      </div>
      <NativeSelect
        label="The default"
        description="For whom no rule gives another."
        size="xs"
        data={[
          ...entries.map(([name]) => name),
          ...(defaultVariant && !Object.hasOwn(variants, defaultVariant) ? [defaultVariant] : []),
          { value: '', label: 'none: the default of the code' },
        ]}
        value={defaultVariant ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onChange((before) => withPart(before, { defaultVariant: value === '' ? null : value }))
        }
      />
    </>
  )
}

function nextName(taken: readonly string[]): string {
  let at = taken.length + 1
  while (taken.includes(`variant-${at}`)) at += 1
  return `variant-${at}`
}

interface ValueProps {
  name: string
  type: FlagType
  value: unknown
  onChange: (value: unknown) => void
}

function Value({ name, type, value, onChange }: ValueProps) {
  const label = `Value of ${name}`
  switch (type) {
    case 'boolean':
      return (
        <NativeSelect
          className={classes.variantValue}
          size="xs"
          aria-label={label}
          data={['true', 'false']}
          value={String(value)}
          onChange={(event) => onChange(event.currentTarget.value === 'true')}
        />
      )
    case 'number':
      return (
        <NumberInput
          className={classes.variantValue}
          size="xs"
          aria-label={label}
          value={Number(value)}
          onChange={(next) => onChange(Number(next))}
        />
      )
    case 'string':
      return (
        <TextInput
          className={classes.variantValue}
          aria-label={label}
          value={String(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    default:
      return <ObjectValue label={label} value={value} onChange={onChange} />
  }
}

/** Kept as it is typed until the field is left. */
function ObjectValue({ label, value, onChange }: Pick<ValueProps, 'value' | 'onChange'> & { label: string }) {
  return (
    <JsonInput
      key={JSON.stringify(value)}
      className={`${classes.variantValue} ${classes.code}`}
      size="xs"
      aria-label={label}
      autosize
      minRows={1}
      maxRows={10}
      formatOnBlur
      validationError="This is not JSON."
      defaultValue={JSON.stringify(value, null, 2)}
      onBlur={(event) => {
        const read = readObject(event.currentTarget.value)
        if (read !== undefined) onChange(read)
      }}
    />
  )
}

function readObject(text: string): object | undefined {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? read : undefined
  } catch {
    return undefined
  }
}
