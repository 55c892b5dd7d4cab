import { ActionIcon, Autocomplete, Checkbox, NativeSelect, NumberInput } from '@mantine/core'
import type { PlainOutcome, PlainSplit } from '@holdfast/sdk/flag-rules'
import { IconX } from '@tabler/icons-react'
import { knownAttributes } from './attributes.ts'
import classes from './flag-editor.module.css'
import { ShareBar } from '../share-bar.tsx'
import { movedTo, percentOf, splitOf } from './shares.ts'

interface OutcomeFieldsProps {
  outcome: PlainOutcome
  /** `rule 1`, for those who hear it. */
  of: string
  names: readonly string[]
  standard: string | null
  onChange: (outcome: PlainOutcome) => void
}

const SPLIT = 'split'
const DEFAULT = 'default'
const VARIANT = 'variant:'

/** What they get: one variant, or a share of them each. */
export function OutcomeFields({ outcome, of, names, standard, onChange }: OutcomeFieldsProps) {
  const value = outcome.kind === 'variant' ? `${VARIANT}${outcome.variant}` : outcome.kind
  const isGone = outcome.kind === 'variant' && !names.includes(outcome.variant)
  function choose(next: string) {
    if (next === SPLIT) onChange(splitOf(outcome, names, standard))
    else if (next === DEFAULT) onChange({ kind: 'default' })
    else onChange({ kind: 'variant', variant: next.slice(VARIANT.length) })
  }
  return (
    <div className={classes.outcome}>
      <NativeSelect
        className={classes.choice}
        size="xs"
        aria-label={`What ${of} gives`}
        data={[
          ...names.map((name) => ({ value: `${VARIANT}${name}`, label: name })),
          ...(isGone ? [{ value, label: `${outcome.variant} (is gone)` }] : []),
          { value: DEFAULT, label: `the default (${standard ?? 'of the code'})` },
          { value: SPLIT, label: 'a share each, by percentage' },
        ]}
        value={value}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {outcome.kind === 'split' && <SplitFields split={outcome} of={of} names={names} onChange={onChange} />}
    </div>
  )
}

interface SplitFieldsProps {
  split: PlainSplit
  of: string
  names: readonly string[]
  onChange: (split: PlainSplit) => void
}

function SplitFields({ split, of, names, onChange }: SplitFieldsProps) {
  const { shares, by, isShared } = split
  const left = names.filter((name) => !shares.some(({ variant }) => variant === name))
  return (
    <>
      <ul className={classes.shares}>
        {shares.map((share, at) => (
          // Two shares of one variant are possible, and stay in their places.
          // biome-ignore lint/suspicious/noArrayIndexKey: a share has no name but its place.
          <li key={`${share.variant} ${at}`} className={classes.share}>
            <NumberInput
              className={classes.percent}
              size="xs"
              aria-label={`Share of ${share.variant} in ${of}`}
              suffix=" %"
              min={0}
              max={100}
              decimalScale={3}
              allowNegative={false}
              clampBehavior="strict"
              value={percentOf(share, shares)}
              onChange={(percent) => onChange(movedTo(split, share.variant, Number(percent)))}
            />
            <span className={classes.name}>{share.variant}</span>
            {shares.length > 2 && (
              <ActionIcon
                aria-label={`Take ${share.variant} out of ${of}`}
                size={30}
                onClick={() => {
                  const moved = movedTo(split, share.variant, 0)
                  onChange({ ...moved, shares: moved.shares.filter(({ variant }) => variant !== share.variant) })
                }}
              >
                <IconX size={14} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      <ShareBar shares={shares} />
      <div className={classes.sticky}>
        <span className={classes.condition}>
          <span className={classes.word}>sticky by</span>
          <Autocomplete
            className={classes.attribute}
            size="xs"
            aria-label={`What ${of} is sticky by`}
            data={knownAttributes}
            value={by}
            spellCheck={false}
            onChange={(next) => onChange({ ...split, by: next })}
          />
        </span>
        {left.length > 0 && (
          <NativeSelect
            size="xs"
            aria-label={`Add a share to ${of}`}
            data={[{ value: '', label: 'Add a variant' }, ...left]}
            value=""
            onChange={(event) =>
              onChange({ ...split, shares: [...shares, { variant: event.currentTarget.value, weight: 0 }] })
            }
          />
        )}
        <Checkbox
          size="xs"
          label="The same people first in every flag dealt out so"
          checked={isShared}
          onChange={(event) => onChange({ ...split, isShared: event.currentTarget.checked })}
        />
      </div>
    </>
  )
}
