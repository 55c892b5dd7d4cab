import { NativeSelect, TagsInput, TextInput } from '@mantine/core'
import { comparisons, type PlainCondition, type PlainValue } from '@holdfast/sdk/flag-rules'
import { useState } from 'react'
import { PickOrganization } from '../../list/look-up.tsx'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { namesOrganization } from './attributes.ts'
import classes from './flag-editor.module.css'
import { kindOf, kinds, kindsFor, readValue, type ValueKind } from './values.ts'

interface ValueFieldProps {
  condition: Exclude<PlainCondition, { segment: string }>
  label: string
  onChange: (values: PlainValue[]) => void
}

/** What an attribute is compared with: one value or many, of a type that is said, as "5" and 5 are two things. */
export function ValueField({ condition: { attribute, is, values }, label, onChange }: ValueFieldProps) {
  const mayLookUp = useReasonNotTo('organizations:read') === null
  const offered = kindsFor(is)
  const [chosen, setChosen] = useState<ValueKind>(() => kindOf(values, offered))
  const kind = offered.includes(chosen) ? chosen : offered[0]!
  const name = `Value of ${label}`
  const isMany = comparisons[is].takes === 'many'

  if (!isMany && mayLookUp && namesOrganization(attribute) && (is === 'is' || is === 'is-not')) {
    return (
      <PickOrganization
        className={classes.value}
        aria-label={name}
        placeholder="Name of an organisation"
        clearButtonProps={{ 'aria-label': `Clear ${name}` }}
        value={values[0] === undefined || values[0] === '' ? undefined : String(values[0])}
        onPick={(id) => onChange(id === undefined ? [] : [id])}
      />
    )
  }
  function choose(next: ValueKind) {
    setChosen(next)
    onChange(values.map((value) => readValue(String(value), next)))
  }
  return (
    <>
      {isMany ? (
        <TagsInput
          className={classes.value}
          size="xs"
          aria-label={name}
          placeholder={values.length === 0 ? 'Write one, then Enter' : ''}
          acceptValueOnBlur
          splitChars={[',']}
          value={values.map(String)}
          onChange={(texts) => onChange(onlyOnce(texts).map((text) => readValue(text, kind)))}
        />
      ) : kind === 'yes-no' ? (
        <NativeSelect
          className={classes.value}
          size="xs"
          aria-label={name}
          data={['true', 'false']}
          value={String(values[0] ?? 'true')}
          onChange={(event) => onChange([event.currentTarget.value === 'true'])}
        />
      ) : (
        <TextInput
          className={classes.value}
          aria-label={name}
          placeholder={is.startsWith('version') ? '2.4.0' : 'value'}
          spellCheck={false}
          value={String(values[0] ?? '')}
          onChange={(event) => onChange([readValue(event.currentTarget.value, kind)])}
        />
      )}
      {offered.length > 1 && (
        <NativeSelect
          className={classes.kind}
          size="xs"
          aria-label={`Type of the value of ${label}`}
          data={offered.map((each) => ({ value: each, label: kinds[each] }))}
          value={kind}
          onChange={(event) => choose(event.currentTarget.value as ValueKind)}
        />
      )}
    </>
  )
}

/** Pasted as a list, or left with a comma at its end. */
function onlyOnce(texts: readonly string[]): string[] {
  const each = texts.flatMap((text) => text.split(',')).map((text) => text.trim())
  return [...new Set(each.filter((text) => text !== ''))]
}
