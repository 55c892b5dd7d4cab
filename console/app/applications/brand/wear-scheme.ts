import type { Scheme } from './accent.ts'

/**
 * Shows a page of our own origin in the colours that are asked for, whatever the reader's own are. Chromium hands the
 * `color-scheme` of a frame's element on to its controls, but not to `prefers-color-scheme` (seen in version 156).
 */
export function wearScheme(page: Document | null, scheme: Scheme) {
  if (!page) return
  page.documentElement.style.colorScheme = scheme
  for (const sheet of page.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (!isMediaRule(rule)) continue
      const asked = /prefers-color-scheme:\s*(light|dark)/.exec(rule.conditionText)?.[1]
      if (asked) rule.media.mediaText = asked === scheme ? 'all' : 'not all'
    }
  }
}

/** By its kind, not by its class: the page in the frame has classes of its own. */
function isMediaRule(rule: CSSRule): rule is CSSMediaRule {
  return 'media' in rule && 'conditionText' in rule
}
