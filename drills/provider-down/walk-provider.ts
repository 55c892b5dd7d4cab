import type { Browser, Page } from './browser.ts'

/**
 * Somebody at the pages of their provider: signs in as who they are there and comes back to where they were sent from. What the
 * provider does not show is not got round; a failure is thrown as a browser shows it.
 */
export async function walkProvider(
  browser: Browser,
  { url, sub, isBack, signal }: { url: URL; sub: string; isBack: (url: URL) => boolean; signal: AbortSignal },
): Promise<URL> {
  const page = await browser.open(url, { until: isBack, signal })
  if (page.status === 0) return page.url
  if (!isForm(page)) throw new Error(`The provider answered ${page.status}.`)
  const back = await browser.open(page.url, { method: 'POST', form: { sub }, until: isBack, signal })
  if (back.status !== 0) throw new Error(`The provider answered ${back.status}.`)
  return back.url
}

const isForm = ({ status, url }: Page) => status === 200 && url.pathname.startsWith('/interaction/')
