import axe from 'axe-core'
import type { Page } from 'playwright-core'

export interface Violation {
  /** Of the rule of axe. */
  id: string
  impact: string | null
  nodes: { html: string; failureSummary: string }[]
}

export interface Held {
  /** Only these rules; left out: all. */
  rules?: readonly string[] | undefined
  /** Not these. */
  without?: readonly string[]
}

const SETTLE =
  'for (const each of document.getAnimations()) if (Number.isFinite(each.effect?.getTiming().iterations)) each.finish()'

/**
 * What keeps somebody from reading the page that is open, by the rules of axe. Half a megabyte goes into a page once, however
 * often it is looked at: that takes longer than the looking. Frames are not looked into.
 */
export async function violationsIn(page: Page, { rules, without = [] }: Held = {}): Promise<Violation[]> {
  const options = {
    iframes: false,
    resultTypes: ['violations'],
    ...(rules && { runOnly: rules }),
    rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
  }
  if (await page.evaluate(() => !('axe' in globalThis))) await page.evaluate(axe.source)
  // Colours fade into one another: what is seen on the way is nobody's.
  await page.evaluate(SETTLE)
  const told = `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations.map(
    ({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) })))`
  return (await page.evaluate(told)) as Violation[]
}
