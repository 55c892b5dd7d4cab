import type { Browser, Page } from './browser.ts'

/** Nobody looks at an empty page for longer before they go back and try again. */
const PATIENCE_MS = 5000

/**
 * Somebody at the pages of their provider: signs in as who they are there and comes back to where they were sent from. What the
 * provider does not show is not got round; a failure is thrown as a browser shows it.
 */
export async function walkProvider(
  browser: Browser,
  { url, sub, isBack, signal }: { url: URL; sub: string; isBack: (url: URL) => boolean; signal: AbortSignal },
): Promise<URL> {
  const page = await browser.open(url, { until: isBack, patienceMs: PATIENCE_MS, signal })
  if (page.status === 0) return page.url
  if (!isForm(page)) throw new Error(`The provider answered ${page.status}.`)
  const posted = { method: 'POST', form: { sub }, until: isBack, patienceMs: PATIENCE_MS, signal } as const
  const back = await browser.open(page.url, posted)
  if (back.status !== 0) throw new Error(`The provider answered ${back.status}.`)
  return back.url
}

const isForm = ({ status, url }: Page) => status === 200 && url.pathname.startsWith('/interaction/')
