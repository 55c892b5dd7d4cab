import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import editor from '../edit/flag-editor.module.css'
import { type Context, fieldText, readContext, valueAt, withValue } from './context.ts'
import classes from './try.module.css'

interface ContextFormProps {
  context: Context
  /** What the rules look at, and so what matters. */
  attributes: readonly string[]
  onChange: (context: Context) => void
}

/** For whom: a field for each attribute that counts, and the whole of it as JSON. */
export function ContextForm({ context, attributes, onChange }: ContextFormProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const read = typed === null ? { context } : readContext(typed)
  function set(path: string, text: string) {
    setTyped(null)
    onChange(withValue(context, path, text))
  }
  return (
    <form className={classes.context} aria-label="Who asks" onSubmit={(event) => event.preventDefault()}>
      <h2 className={editor.partHead}>Who asks</h2>
      <div className={classes.attributes}>
        {attributes.map((path) => (
          <TextInput
            key={path}
            label={path}
            spellCheck={false}
            autoComplete="off"
            placeholder={examples[path] ?? 'not there'}
            value={fieldText(path, valueAt(context, path))}
            onChange={(event) => set(path, event.currentTarget.value)}
          />
        ))}
      </div>
      <Textarea
        className={editor.code}
        label="The whole context, as JSON"
        description="Numbers and true or false are taken as such."
        size="xs"
        autosize
        minRows={4}
        maxRows={16}
        spellCheck={false}
        value={typed ?? JSON.stringify(context, null, 2)}
        error={'wrong' in read ? read.wrong : undefined}
        onChange={({ currentTarget: { value } }) => {
          const next = readContext(value)
          setTyped(value)
          if ('context' in next) onChange(next.context)
        }}
        onBlur={() => 'context' in read && setTyped(null)}
      />
    </form>
  )
}

const examples: Record<string, string> = { targetingKey: 'usr_…', organization: 'org_…', plan: 'pro', country: 'US' }
