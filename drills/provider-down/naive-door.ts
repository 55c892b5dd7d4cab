import { monotonicMs } from '../frame/clock.ts'
import type { Seen } from '../load/generator.ts'
import { openBrowser } from './browser.ts'
import type { Comer, Door, LetIn } from './door.ts'
import { trying } from './trying.ts'
import { walkProvider } from './walk-provider.ts'

export interface NaiveDoorOptions {
  origin: string
  authority: string
  names: string
}

export function naiveDoor({ origin, authority, names }: NaiveDoorOptions): Door {
  const whoAmI = new URL('/whoami', origin)
  const trySignIn = async ({ member, account }: Comer, signal: AbortSignal, tries: number): Promise<Seen> => {
    const beganMs = monotonicMs()
    const browser = openBrowser({ authority, names })
    const isBack = (url: URL) => url.origin === origin
    const url = new URL(`/sign-in/${member.customer}`, origin)
    const back = await walkProvider(browser, { url, sub: member.sub, isBack, signal })
    const came = await browser.open(back, { signal })
    if (came.status !== 200) return { outcome: 'failed', note: `callback: HTTP ${came.status}` }
    const page = await browser.open(whoAmI, { signal })
    if (page.status !== 200) return { outcome: 'failed', note: `first page: ${codeIn(page.body)}` }
    const { sub } = JSON.parse(page.body) as { sub: string }
    const keep: LetIn & { cookies: Record<string, string> } = {
      ...{ person: member.subject, way: 'provider', isOwnAccount: sub === account, tries },
      ...{ lastTryMs: monotonicMs() - beganMs, cookies: browser.cookies(whoAmI) },
    }
    return { outcome: 'valid', source: 'provider', keep }
  }
  return {
    async check({ cookies, account }, signal) {
      const browser = openBrowser({ authority, names })
      for (const [name, value] of Object.entries(cookies)) browser.setCookie(whoAmI, name, value)
      const page = await browser.open(whoAmI, { signal })
      const clears = browser.cookies(whoAmI).session === undefined
      if (page.status === 200) {
        const { sub } = JSON.parse(page.body) as { sub: string }
        return sub === account ? { outcome: 'valid' } : { outcome: 'failed', note: 'somebody else' }
      }
      return { outcome: page.status === 401 ? 'invalid' : 'failed', note: codeIn(page.body), clears }
    },
    signIn: (comer, signal) => trying((tries) => trySignIn(comer, signal, tries), signal),
  }
}

function codeIn(body: string): string {
  try {
    return String((JSON.parse(body) as { error?: unknown }).error)
  } catch {
    return 'an error page'
  }
}
