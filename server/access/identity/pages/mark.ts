import { type Html, html } from '../../../platform/html/html.ts'
import type { Words } from '../words/words.ts'

export type State = 'ok' | 'degraded' | 'failing' | 'unknown'

/** Shape, colour and word together: the mark alone has to be told apart in black and white. */
const shapes: Record<State, Html> = {
  ok: html`<circle cx="8" cy="8" r="6.5" fill="currentColor"/>`,
  degraded: html`<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor"/>`,
  failing: html`<rect x="2" y="2" width="12" height="12" fill="currentColor"/>`,
  unknown: html`<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M3.9 9.9 9.9 3.9M4.9 12.3 12.3 4.9M8.3 13 13 8.3M3 6.6 6.6 3" stroke="currentColor" stroke-width="1.5"/>`,
}

export function mark(words: Words, state: State): Html {
  return html`<svg class="mark ${state}" viewBox="0 0 16 16" width="16" height="16" role="img" aria-label="${words.common.states[state]}">${shapes[state]}</svg>`
}

/** A sentence about the state of something, with its mark. */
export interface Notice {
  state: State
  text: Html | string
}

export function noticeOf(words: Words, notice: Notice | null | undefined): Html | null {
  return notice
    ? html`<p class="notice ${notice.state}">${mark(words, notice.state)}<span>${notice.text}</span></p>`
    : null
}
