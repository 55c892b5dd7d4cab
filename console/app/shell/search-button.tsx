import { Kbd, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { openPalette } from './palette.tsx'
import classes from './search-button.module.css'

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)
export const paletteKeys = isMac ? ['⌘', 'K'] : ['Ctrl', 'K']

/** The palette for those who do not know its key yet. */
export function SearchButton() {
  return (
    <UnstyledButton className={classes.button} onClick={openPalette}>
      <VisuallyHidden>Search everything</VisuallyHidden>
      <IconSearch size={14} stroke={1.8} aria-hidden="true" />
      <span className={classes.word} aria-hidden="true">
        Search
      </span>
      <span className={classes.keys} aria-hidden="true">
        {paletteKeys.map((key) => (
          <Kbd key={key} size="xs">
            {key}
          </Kbd>
        ))}
      </span>
    </UnstyledButton>
  )
}
