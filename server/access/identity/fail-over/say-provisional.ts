import { RESCUE_METHOD } from '../../../../sdk/contract.ts'
import { html } from '../../../platform/html/html.ts'
import type { SessionRow } from '../../sessions/index.ts'
import { moment, type Page } from '../pages/index.ts'
import type { Notice } from '../pages/mark.ts'
import type { Parts } from '../parts.ts'
import { nameOf } from './decide-entry.ts'

/** What the account page says to whoever came in another way; null: they came in the ordinary way. */
export function provisionalNotice(
  parts: Pick<Parts, 'providers'>,
  page: Page,
  row: Pick<SessionRow, 'stands_in_for' | 'due_at' | 'amr' | 'expires_at'> | undefined,
): Notice | null {
  if (!row || row.stands_in_for === null) return null
  if (row.amr.includes(RESCUE_METHOD)) {
    const { until, cannot } = page.words.rescue
    return { state: 'degraded', text: html`${until} ${moment(page, row.expires_at)}. ${cannot}` }
  }
  const words = page.words.failOver
  const provider = nameOf(parts, row.stands_in_for)
  if (row.due_at === null) return { state: 'degraded', text: words.provisional(provider) }
  const path = page.link(
    `/sign-in/provider/${row.stands_in_for}?return_to=${encodeURIComponent(page.link('/account'))}`,
  )
  return {
    state: 'degraded',
    text: html`${words.due(provider, moment(page, row.due_at))} <a href="${path}">${words.confirm(provider)}</a>`,
  }
}
