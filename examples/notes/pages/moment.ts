import { type Html, html } from '../html.ts'

const WRITTEN = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
})

/** A time. The script puts it into the reader's own zone; without it, it says which zone it is in. */
export function moment(iso: string): Html {
  return html`<time datetime="${iso}" title="${iso}">${WRITTEN.format(new Date(iso))} UTC</time>`
}
