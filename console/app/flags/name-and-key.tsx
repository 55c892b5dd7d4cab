import { TextInput, type TextInputProps } from '@mantine/core'
import { keyOf } from './key-of.ts'

interface Named {
  name: string
  key: string
}

interface NameAndKeyProps {
  /** A form that has both. */
  form: {
    values: Named
    set(field: keyof Named, value: string): void
    field(field: keyof Named): Pick<TextInputProps, 'name' | 'value' | 'error' | 'onChange'>
  }
  examples: Named
  /** Who asks by the key. */
  keyIs: string
}

/** The key follows the name until somebody writes another one. */
export function NameAndKey({ form, examples, keyIs }: NameAndKeyProps) {
  const { name, key } = form.values
  return (
    <>
      <TextInput
        label="Name"
        description="What people call it."
        placeholder={examples.name}
        autoComplete="off"
        maxLength={120}
        data-autofocus
        {...form.field('name')}
        onChange={({ currentTarget: { value } }) => {
          if (key === keyOf(name)) form.set('key', keyOf(value))
          form.set('name', value)
        }}
      />
      <TextInput
        label="Key"
        description={`${keyIs} It never changes.`}
        placeholder={examples.key}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        {...form.field('key')}
      />
    </>
  )
}
