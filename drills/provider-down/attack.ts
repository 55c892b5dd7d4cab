import { randomBytes } from 'node:crypto'
import type { Seen } from '../load/generator.ts'
import type { Browser } from './browser.ts'
import { customers } from './customers.ts'
import { formsIn, linkIn } from './forms.ts'
import { type Front, openPersonBrowser } from './holdfast-person.ts'

/** What a stranger with a browser can do to make a provider look down, one after the other. */
const kinds = ['forged error', 'forged error without a departure', 'abandoned', 'junk code', 'junk code again'] as const
const ERRORS = ['server_error', 'temporarily_unavailable', 'access_denied', 'interaction_required']

export function attackOf(
  way: { authority: string; names: string; issuers: Record<string, string>; providers: Record<string, string> },
  front: Front,
  nextIndex: () => number,
): (round: number, signal: AbortSignal) => Promise<Seen> {
  const targets = customers.filter(({ group }) => group === 'attacked')
  return async (round, signal) => {
    const kind = kinds[round % kinds.length]!
    const target = targets[round % targets.length]!
    const issuer = way.issuers[target.key]!
    // From all over the world: a limit for one address is not what is tried here.
    const browser = openPersonBrowser(way, { origin: front.origin, index: nextIndex() })
    const callback = (said: Record<string, string>) => {
      const url = new URL(`/sign-in/callback/${way.providers[target.key]}`, front.origin)
      url.search = new URLSearchParams({ iss: issuer, ...said }).toString()
      return url
    }
    const error = ERRORS[round % ERRORS.length]!
    if (kind === 'forged error without a departure') {
      return told(
        kind,
        await browser.open(callback({ error, state: randomBytes(32).toString('base64url') }), { signal }),
      )
    }
    const state = await depart(browser, front, `nobody-${round}@${target.domain}`, signal)
    if (state === null) return { outcome: 'invalid', note: `${kind}: was not sent to the provider` }
    if (kind === 'abandoned') return { outcome: 'valid', note: kind }
    const said: Record<string, string> =
      kind === 'forged error' ? { error, state } : { code: randomBytes(24).toString('base64url'), state }
    return told(kind, await browser.open(callback(said), { signal }))
  }
}

/** As far as the provider's door; null: it was not got that far. */
async function depart(browser: Browser, front: Front, email: string, signal: AbortSignal): Promise<string | null> {
  const start = await browser.open(new URL('/sign-in', front.origin), { signal })
  const first = formsIn(start.body).find(({ fields }) => 'email' in fields)
  if (!first) return null
  const post = (action: string, form: Record<string, string>) =>
    browser.open(new URL(action, front.origin), { method: 'POST', form, signal })
  const page = await post(first.action, { ...first.fields, email })
  const onward = formsIn(page.body).find(({ action }) => action.includes('/sign-in/provider/'))
  if (!onward) return null
  const left = await post(onward.action, onward.fields)
  const url = linkIn(left.body, 'provider')
  return url === undefined ? null : new URL(url).searchParams.get('state')
}

/** The attack was carried out, whatever came of it: whether it opened anything is seen by the verdicts. */
const told = (kind: string, { status }: { status: number }): Seen => ({ outcome: 'valid', note: `${kind}: ${status}` })
