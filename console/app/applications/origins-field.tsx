import { ActionIcon, Button, Input, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { complaintsOf, ORIGINS_MAX } from './origin-complaint.ts'
import classes from './origins-field.module.css'

interface OriginsFieldProps {
  value: readonly string[]
  error: string | undefined
  /** What they are for; of an application when it is left out. */
  description?: string
  onChange: (origins: string[]) => void
}

const OF_APPLICATION = 'Where it is served, as browsers send it. People come back from sign-in to these alone.'

/** One row an origin. What is wrong with one stands beneath it as soon as it was left. */
export function OriginsField({ value, error, description = OF_APPLICATION, onChange }: OriginsFieldProps) {
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set())
  const rows = value.length === 0 ? [''] : value
  const complaints = complaintsOf(rows)
  const change = (at: number, origin: string) => onChange(rows.map((each, place) => (place === at ? origin : each)))
  return (
    <Input.Wrapper size="xs" label="Origins" labelElement="div" description={description} error={error}>
      <div className={classes.rows}>
        {rows.map((origin, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; what stands in it changes with every key.
          <div key={at} className={classes.row}>
            <TextInput
              className={classes.input}
              aria-label={`Origin ${at + 1}`}
              placeholder="https://app.acme.example"
              autoComplete="off"
              spellCheck={false}
              value={origin}
              error={(left.has(at) || error !== undefined) && complaints[at]}
              onChange={(event) => change(at, event.currentTarget.value)}
              onBlur={() => setLeft(new Set([...left, at]))}
            />
            {rows.length > 1 && (
              <ActionIcon
                size={30}
                aria-label={`Take origin ${at + 1} out`}
                onClick={() => onChange(rows.filter((_, place) => place !== at))}
              >
                <IconX size={14} />
              </ActionIcon>
            )}
          </div>
        ))}
      </div>
      {rows.length < ORIGINS_MAX && (
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<IconPlus size={12} />}
          onClick={() => onChange([...rows, ''])}
        >
          Another origin
        </Button>
      )}
    </Input.Wrapper>
  )
}
