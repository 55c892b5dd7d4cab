import { type Html, html } from '../../../platform/html/html.ts'
import type { Words } from '../words/words.ts'
import type { Page } from './page.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Above this "61 min ago" and "25 h ago" read worse than the next unit. */
const MINUTES_UNTIL_MS = HOUR_MS
const HOURS_UNTIL_MS = DAY_MS
/** Above this a date says more than a number of days. */
const DAYS_UNTIL_MS = 30 * DAY_MS

/** `10:42`, with the date when it is another day, and UTC on hover. The script puts it into the browser's zone. */
export function moment(page: Page, at: Date): Html {
  const { text, isZoned } = clockTime(page, at)
  const shown = isZoned ? text : page.words.common.utc(text)
  return html`<time datetime="${at.toISOString()}" title="${utcText(page, at)}" data-local="${isZoned ? 'zoned' : 'utc'}">${shown}</time>`
}

/** `2 min ago (10:42)`. */
export function momentAgo(page: Page, at: Date): Html {
  const ago = agoText(page.words, page.now.getTime() - at.getTime())
  return ago ? html`${ago} (${moment(page, at)})` : moment(page, at)
}

export function agoText(words: Words, ms: number): string | null {
  // A clock that was set back, or another machine's, must not tell the future.
  if (ms < MINUTE_MS) return words.ago.now
  if (ms < MINUTES_UNTIL_MS) return words.ago.minutes(Math.floor(ms / MINUTE_MS))
  if (ms < HOURS_UNTIL_MS) return words.ago.hours(Math.floor(ms / HOUR_MS))
  if (ms < DAYS_UNTIL_MS) return words.ago.days(Math.floor(ms / DAY_MS))
  return null
}

/** `24 s`, `3 min`, `2 h`: rounded up, so that whoever waits that long has waited enough. */
export function spanText(words: Words, ms: number): string {
  if (ms < 2 * MINUTE_MS) return words.span.seconds(Math.max(1, Math.ceil(ms / SECOND_MS)))
  if (ms < 2 * HOUR_MS) return words.span.minutes(Math.ceil(ms / MINUTE_MS))
  return words.span.hours(Math.ceil(ms / HOUR_MS))
}

/** The time of day in the page's zone; UTC when the profile's zone is missing or is none. */
export function clockTime(page: Pick<Page, 'words' | 'now' | 'zone'>, at: Date): { text: string; isZoned: boolean } {
  const zone = page.zone && isZone(page.zone) ? page.zone : null
  const timeZone = zone ?? 'UTC'
  const day = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
  const isToday = day.format(at) === day.format(page.now)
  const format = new Intl.DateTimeFormat(page.words.formatting, {
    timeZone,
    ...(isToday ? {} : { day: 'numeric', month: 'short', year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return { text: format.format(at), isZoned: zone !== null }
}

function utcText(page: Page, at: Date): string {
  return page.words.common.utc(at.toISOString().slice(0, 19).replace('T', ' '))
}

export function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
