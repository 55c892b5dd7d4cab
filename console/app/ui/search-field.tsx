import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { type LinkProps, useNavigate } from '@tanstack/react-router'
import classes from './search-field.module.css'

/** Long enough that a word is asked for once, short enough that nobody waits. */
const PAUSE_MS = 250

interface SearchFieldProps {
  label: string
  placeholder: string
  /** What the address says now. */
  value: string
  linkFor: (value: string) => LinkProps
}

/** The search lives in the address; the field only writes it there. */
export function SearchField({ label, placeholder, value, linkFor }: SearchFieldProps) {
  const navigate = useNavigate()
  const search = useDebouncedCallback((text: string) => navigate({ ...linkFor(text.trim()), replace: true }), PAUSE_MS)

  // Back and forward change the address beneath the field; while somebody types, the field is ahead of it.
  const follow = (input: HTMLInputElement | null) => {
    if (input && document.activeElement !== input && input.value !== value) input.value = value
  }
  return (
    <TextInput
      ref={follow}
      type="search"
      className={classes.field}
      aria-label={label}
      placeholder={placeholder}
      defaultValue={value}
      maxLength={200}
      leftSection={<IconSearch size={14} />}
      onChange={(event) => search(event.currentTarget.value)}
    />
  )
}
