import { useWindowEvent } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { places } from './places.ts'

/** How long `g` waits for its second key. */
const SECOND_KEY_MS = 1500

/** `g h` and its like, `/` for search, `j` into the list, `?` for help. Never while somebody types or a dialog is open. */
export function useShortcuts(showHelp: () => void) {
  const navigate = useNavigate()
  const goAt = useRef(Number.NEGATIVE_INFINITY)

  useWindowEvent('keydown', (event) => {
    // A table that was walked in has heard the key already.
    if (event.defaultPrevented) return
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    if (document.querySelector('[role="dialog"], [role="menu"]')) return

    const isSecond = event.timeStamp - goAt.current < SECOND_KEY_MS
    goAt.current = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY
    const place = isSecond && places.find(({ key }) => key === event.key)
    if (place) {
      event.preventDefault()
      navigate(place.link)
    } else if (event.key === '?') {
      event.preventDefault()
      showHelp()
    } else if (event.key === '/') {
      const search = document.querySelector<HTMLElement>('input[type="search"]')
      if (search) event.preventDefault()
      search?.focus()
    } else if (event.key === 'j' || event.key === 'k') {
      document.querySelector<HTMLElement>('[data-row-link][tabindex="0"]')?.focus()
    }
  })
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}
