import { Button, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import type { LinkProps } from '@tanstack/react-router'
import classes from './filters.module.css'

interface ChoiceFilterProps<Value extends string> {
  label: string
  choices: readonly (readonly [value: Value, name: string])[]
  value: Value
  linkFor: (value: Value) => LinkProps
}

/** Few choices, all in sight. */
export function SegmentFilter<Value extends string>({ label, choices, value, linkFor }: ChoiceFilterProps<Value>) {
  const navigate = useNavigate()
  return (
    <SegmentedControl
      aria-label={label}
      value={value}
      onChange={(chosen) => navigate(linkFor(chosen as Value))}
      data={choices.map(([each, name]) => ({ value: each, label: name }))}
    />
  )
}

interface SelectFilterProps {
  label: string
  /** What stands there when nothing is chosen: `Any action`. */
  placeholder: string
  choices: readonly (readonly [value: string, name: string])[]
  value: string | undefined
  linkFor: (value: string | undefined) => LinkProps
}

/** More choices than can be in sight; typing finds one, and the cross lets go of it. */
export function SelectFilter({ label, placeholder, choices, value, linkFor }: SelectFilterProps) {
  const navigate = useNavigate()
  const known = choices.map(([each, name]) => ({ value: each, label: name }))
  const isKnown = value === undefined || known.some((each) => each.value === value)
  return (
    <Select
      aria-label={label}
      placeholder={placeholder}
      searchable
      clearable
      className={classes.select}
      clearButtonProps={{ 'aria-label': placeholder }}
      // One from a newer access, or written into the address by hand, is shown as it is.
      data={isKnown ? known : [{ value, label: value }, ...known]}
      value={value ?? null}
      nothingFoundMessage="None of these"
      onChange={(chosen) => navigate(linkFor(chosen ?? undefined))}
    />
  )
}

/** Filters that are seldom needed: where the page is narrow they wait behind a button, unless one of them is in force. */
export function MoreFilters({ chosen, children }: { chosen: readonly unknown[]; children: React.ReactNode }) {
  const inForce = chosen.filter((value) => value !== undefined).length
  const [isOpen, { toggle }] = useDisclosure(inForce > 0)
  return (
    <>
      <Button variant="subtle" className={classes.moreButton} aria-expanded={isOpen} onClick={toggle}>
        {isOpen ? 'Fewer filters' : 'More filters'}
      </Button>
      <div className={classes.more} data-open={isOpen || undefined}>
        {children}
      </div>
    </>
  )
}

interface MomentFilterProps {
  label: string
  /** RFC 3339, as in the address. */
  value: string | undefined
  linkFor: (value: string | undefined) => LinkProps
}

/** A moment in the reader's own zone; in the address it is UTC, so that it means the same to whoever gets the link. */
export function MomentFilter({ label, value, linkFor }: MomentFilterProps) {
  const navigate = useNavigate()
  const go = (written: string) => {
    const at = new Date(written)
    navigate({ ...linkFor(Number.isNaN(at.getTime()) ? undefined : at.toISOString()), replace: true })
  }
  return (
    <TextInput
      key={value}
      type="datetime-local"
      aria-label={`${label}, in your time zone`}
      leftSection={<span className={classes.which}>{label}</span>}
      leftSectionWidth={44}
      className={classes.moment}
      data-empty={value === undefined || undefined}
      defaultValue={value ? asLocal(new Date(value)) : ''}
      onBlur={(event) => {
        const written = event.currentTarget.value
        if (written !== (value ? asLocal(new Date(value)) : '')) go(written)
      }}
      onKeyDown={(event) => event.key === 'Enter' && go(event.currentTarget.value)}
    />
  )
}

/** `2026-11-21T10:05`, as the field wants it. */
function asLocal(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
