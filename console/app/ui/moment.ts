/** How the console says times and numbers. Pure: now is always handed in. */

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** `38 s`, `4 min`, `2 h 5 min`, `3 days`. */
export function sayDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs)
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`
  if (ms < DAY_MS) {
    const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS)
    return `${Math.floor(ms / HOUR_MS)} h${minutes > 0 ? ` ${minutes} min` : ''}`
  }
  const days = Math.floor(ms / DAY_MS)
  return days === 1 ? '1 day' : `${days} days`
}

/** `just now`, `4 min ago`, `in 3 h`. Coarse where a reader needs no more. */
export function sayDistance(atMs: number, nowMs: number): string {
  const gap = nowMs - atMs
  if (Math.abs(gap) < 2 * SECOND_MS) return 'just now'
  const size = Math.abs(gap)
  const coarse = size >= HOUR_MS && size < DAY_MS ? Math.floor(size / HOUR_MS) * HOUR_MS : size
  return gap > 0 ? `${sayDuration(coarse)} ago` : `in ${sayDuration(coarse)}`
}

const clockTime: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
const dayAndMonth: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' }

/** In the reader's own zone, as short as it can be without doubt: `02:13`, `20 Nov 02:13`, `20 Nov 2025`. */
export function sayMoment(atMs: number, nowMs: number): string {
  const at = new Date(atMs)
  const now = new Date(nowMs)
  if (at.toDateString() === now.toDateString()) return at.toLocaleTimeString('en-GB', clockTime)
  if (at.getFullYear() === now.getFullYear()) {
    return `${at.toLocaleDateString('en-GB', dayAndMonth)} ${at.toLocaleTimeString('en-GB', clockTime)}`
  }
  return at.toLocaleDateString('en-GB', { ...dayAndMonth, year: 'numeric' })
}

/** To the second, with its zone, and the same in UTC: what is shown on hover. */
export function sayExactly(atMs: number): string {
  const at = new Date(atMs)
  const here = at.toLocaleString('en-GB', {
    weekday: 'short',
    ...dayAndMonth,
    year: 'numeric',
    ...clockTime,
    second: '2-digit',
    timeZoneName: 'short',
  })
  return `${here}\n${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** `41 233`: a narrow space that does not break, as no reader takes it for a decimal sign. */
export function sayNumber(value: number): string {
  return value.toLocaleString('en-GB').replaceAll(',', '\u202f')
}

/** `1 000+`: as far as access counts, and no figure that nobody counted. */
export function sayCountedTo(limit: number, value: number): string {
  return value >= limit ? `${sayNumber(limit)}+` : sayNumber(value)
}

/** `1 user`, `2 users`, `no users`. */
export function sayCount(value: number, one: string, many = `${one}s`): string {
  if (value === 0) return `no ${many}`
  return `${sayNumber(value)} ${value === 1 ? one : many}`
}
