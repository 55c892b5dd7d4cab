import type { Found } from '../api/wire/installation.ts'

/** As many as are taken in at a glance. */
const KEPT_MAX = 5
/** For this tab and no longer: names of people do not belong on the disk of a browser. */
const KEPT_AT = 'holdfast.recently-opened'

export function readRecent(): Found[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT_AT) ?? '[]') as unknown
    return Array.isArray(kept) ? (kept as Found[]).slice(0, KEPT_MAX) : []
  } catch {
    return []
  }
}

export function keepRecent(found: Found): void {
  const others = readRecent().filter(({ id }) => id !== found.id)
  sessionStorage.setItem(KEPT_AT, JSON.stringify([found, ...others].slice(0, KEPT_MAX)))
}
