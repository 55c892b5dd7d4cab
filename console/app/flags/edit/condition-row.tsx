import { ActionIcon, Autocomplete, NativeSelect } from '@mantine/core'
import { type Comparison, comparisons, type PlainCondition } from '@holdfast/sdk/flag-rules'
import { IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { segmentNamesQuery } from '../read-flags.ts'
import { knownAttributes } from './attributes.ts'
import classes from './flag-editor.module.css'
import { ValueField } from './value-field.tsx'

interface ConditionRowProps {
  condition: PlainCondition
  /** `condition 2 of rule 1`, for those who hear it. */
  label: string
  onChange: (condition: PlainCondition) => void
  onRemove: () => void
}

const choices = Object.entries(comparisons).map(([value, { says }]) => ({ value, label: says }))

/** One condition as a piece of a sentence: attribute, comparison, value. */
export function ConditionRow({ condition, label, onChange, onRemove }: ConditionRowProps) {
  return (
    <li className={classes.condition}>
      {'segment' in condition ? (
        <SegmentFields condition={condition} label={label} onChange={onChange} />
      ) : (
        <AttributeFields condition={condition} label={label} onChange={onChange} />
      )}
      <ActionIcon aria-label={`Remove ${label}`} size={30} onClick={onRemove}>
        <IconX size={14} />
      </ActionIcon>
    </li>
  )
}

type OfAttribute = Exclude<PlainCondition, { segment: string }>
type OfSegment = Extract<PlainCondition, { segment: string }>

interface FieldsProps<Condition> {
  condition: Condition
  label: string
  onChange: (condition: PlainCondition) => void
}

function AttributeFields({ condition, label, onChange }: FieldsProps<OfAttribute>) {
  const { attribute, is, values } = condition
  function compare(next: Comparison) {
    const { takes } = comparisons[next]
    const kept = takes === 'none' ? [] : takes === 'one' ? values.slice(0, 1) : values.filter((value) => value !== '')
    onChange({ attribute, is: next, values: kept })
  }
  return (
    <>
      <Autocomplete
        className={classes.attribute}
        size="xs"
        aria-label={`Attribute of ${label}`}
        placeholder="attribute"
        data={knownAttributes}
        value={attribute}
        spellCheck={false}
        onChange={(next) => onChange({ ...condition, attribute: next })}
      />
      <NativeSelect
        className={classes.comparison}
        size="xs"
        aria-label={`Comparison of ${label}`}
        data={choices}
        value={is}
        onChange={(event) => compare(event.currentTarget.value as Comparison)}
      />
      {comparisons[is].takes !== 'none' && (
        <ValueField condition={condition} label={label} onChange={(next) => onChange({ ...condition, values: next })} />
      )}
    </>
  )
}

function SegmentFields({ condition: { segment, is }, label, onChange }: FieldsProps<OfSegment>) {
  const names = useQuery(segmentNamesQuery).data?.data ?? []
  const known = names.map(({ key, name }) => ({ value: key, label: name ? `${name} (${key})` : key }))
  const isKnown = segment === '' || known.some(({ value }) => value === segment)
  return (
    <>
      <NativeSelect
        className={classes.attribute}
        size="xs"
        aria-label={`Comparison of ${label}`}
        data={[
          { value: 'in', label: 'is in segment' },
          { value: 'not-in', label: 'is not in segment' },
        ]}
        value={is}
        onChange={(event) => onChange({ segment, is: event.currentTarget.value as 'in' | 'not-in' })}
      />
      <NativeSelect
        className={classes.value}
        size="xs"
        aria-label={`Segment of ${label}`}
        data={[
          { value: '', label: known.length === 0 ? 'There is no segment yet' : 'Choose a segment' },
          ...(isKnown ? known : [{ value: segment, label: segment }, ...known]),
        ]}
        value={segment}
        onChange={(event) => onChange({ segment: event.currentTarget.value, is })}
      />
    </>
  )
}
