import { type Html, html } from '../../../platform/html/html.ts'

/** A description as OpenAPI has it: of its CommonMark, ours use `code` and nothing else. */
export const prose = (text: string | undefined): (Html | string)[] =>
  (text ?? '').split(/(`[^`]+`)/).map((part) => (/^`.+`$/.test(part) ? html`<code>${part.slice(1, -1)}</code>` : part))
