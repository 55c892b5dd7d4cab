import { type Html, html } from '../../../platform/html/html.ts'
import { mark } from './mark.ts'
import { moment, spanText } from './moment.ts'
import { documentOf, type Form, formOf, type Page } from './page.ts'

export interface UnavailableProps {
  /** What the person was about to do. */
  task: 'sign_in' | 'account' | 'sign_out' | 'enrol'
  cause: 'database' | 'mail' | 'overloaded'
  since: Date | null
  retrySeconds: number
  /** What was being done: a page to load again, or a form with everything that was typed among its hidden fields. */
  retry: { path: string } | { form: Form; path: string }
}

/**
 * The answer 503 for people. It says what is wrong and since when, that nobody is signed out, and tries again by
 * itself: the script sends the form again with what was typed; without script the page at `retry.path` is loaded.
 */
export function unavailablePage(page: Page, props: UnavailableProps): string {
  const words = page.words.unavailable
  const since = props.since ? moment(page, props.since) : null
  return documentOf(page, {
    title: words.title[props.task],
    head: refresh(page, props),
    body: html`
<p class="notice unknown">${mark(page.words, 'unknown')}<span>${words.cause[props.cause](since)}</span></p>
<p>${words.reassurance} ${'form' in props.retry && words.kept}</p>
${retryForm(page, props)}
<p class="hint">${words.retries(spanText(page.words, props.retrySeconds * 1000))}</p>`,
  })
}

/** Within `noscript`, or a browser with script would load the page again and lose what was typed. */
function refresh(page: Page, props: UnavailableProps): Html {
  return html`<noscript><meta http-equiv="refresh" content="${props.retrySeconds};url=${page.link(props.retry.path)}"></noscript>`
}

function retryForm(page: Page, props: UnavailableProps): Html {
  const { retry } = props
  const button = html`<button type="submit" class="primary">${page.words.unavailable.now}</button>`
  const again = { 'data-retry': String(props.retrySeconds) }
  if ('form' in retry) return formOf(page, retry.form, button, again)
  // A form of method GET would drop the query of its own action, so the query is carried as fields.
  const url = new URL(page.link(retry.path), 'http://localhost')
  const hidden = [...url.searchParams].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return html`<form method="get" action="${url.pathname}" data-retry="${props.retrySeconds}">${hidden}${button}</form>`
}
