import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, OUTAGE_RETRY_SECONDS, page } from '../../../platform/http/index.ts'
import { rulesOf } from '../audience.ts'
import type { Parts } from '../parts.ts'
import { readReturnTo } from '../return-to.ts'
import { outagePage } from './problem.ts'

/**
 * Answers a form that may lead to an app's origin. In an outage the page sends the form again by itself, and Chromium
 * would stop it on its way there unless that origin is named on this page too. `further`: other origins on the way.
 */
export async function throughOutage(
  parts: Parts,
  call: Call<{ return_to?: string }>,
  answer: () => Promise<Answer>,
  further: readonly string[] = [],
): Promise<Answer> {
  try {
    return await answer()
  } catch (error) {
    if (!(error instanceof DatabaseOutage)) throw error
    parts.log.info({ outcome: error.outcome }, 'answered unknown: the database is away')
    const read = readReturnTo(call.body?.return_to ?? '', rulesOf(parts, call))
    return page(503, outagePage(parts, call), {
      headers: { 'retry-after': String(OUTAGE_RETRY_SECONDS) },
      formActions: [...(read.outcome === 'ok' ? [new URL(read.url).origin] : []), ...further],
    })
  }
}
