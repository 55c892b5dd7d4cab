import { type Static, Type } from 'typebox'
import { CONSOLE_AUDIENCE } from '../../../ground/applications/index.ts'
import { type Answer, type Call, page } from '../../../platform/http/index.ts'
import type { Secret } from '../../../platform/secret.ts'
import { isOpen, openedAt, type Provider } from '../../providers/index.ts'
import { browserOf } from '../browser.ts'
import { type Email, readEmail } from '../email.ts'
import { carried, type Errand, errandFields, errandOf, startPathOf } from '../hosted/errand.ts'
import { formTo, mailNotice, pageOf } from '../hosted/page-of.ts'
import type { ProviderButton } from '../pages/sign-in-page.ts'
import { moment, type Page } from '../pages/index.ts'
import type { Parts } from '../parts.ts'
import type { PasskeyWay } from '../passkeys/pages/sign-in-block.ts'
import { passkeysOffered } from '../passkeys/sign-in-way.ts'
import { refuse } from '../refusals.ts'
import { providerPage, type Standing } from './pages/provider-page.ts'

export const ProviderId = Type.Object({ id: Type.String({ maxLength: 64 }) })
/** `hint`: the address that was typed, sealed: it stands in no address of ours in the open. */
export const ProviderQuery = Type.Object({
  ...errandFields,
  hint: Type.Optional(Type.String({ maxLength: 1000 })),
  looked: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
})

/** So often a page looks again by itself: a minute, and whoever still waits presses the button. */
const LOOKS_MAX = 12
const LOOK_EVERY_S = 5
const HINT_PURPOSE = 'address on the page of a provider'

/** How it stands, from memory: nothing is asked. A verdict that only `unknown` opens is none here; whose policy it is, is not known yet. */
export function standingOf(parts: Pick<Parts, 'providers' | 'clock'>, { id }: Provider): Standing {
  const verdict = parts.providers.verdictOf(id)
  const now = parts.clock.now()
  if (verdict && isOpen(verdict, { now, unknownOpens: false })) {
    return { state: verdict.state === 'recovering' ? 'recovering' : 'open', since: openedAt(verdict, now) }
  }
  return verdict?.state === 'unknown' ? { state: 'unknown', since: verdict.since } : { state: 'ordinary' }
}

/** Whose people have this address; the console depends on no provider. */
export function providerFor(parts: Parts, { audience }: Errand, { key }: Email): Provider | undefined {
  if (audience === CONSOLE_AUDIENCE) return undefined
  return parts.providers.ofDomain(key.slice(key.indexOf('@') + 1))
}

/** On the page for an address: providers of which no domain says who comes through them, and those that somebody is led to. */
export function buttonsOf(parts: Parts, view: Page, errand: Errand, led: readonly string[] = []): ProviderButton[] {
  if (errand.audience === CONSOLE_AUDIENCE) return []
  const offered = parts.providers.offered().filter(({ id, domains }) => domains.length === 0 || led.includes(id))
  return offered.map((provider) => {
    const standing = standingOf(parts, provider)
    const isDown = standing.state === 'open'
    return {
      name: provider.name,
      form: formTo(pathOf(provider), carried(errand)),
      notice: isDown
        ? {
            state: 'failing',
            text: view.words.federation.downShort(provider.name, moment(view, standing.since)),
          }
        : null,
    }
  })
}

export const pathOf = ({ id }: Pick<Provider, 'id'>) => `/sign-in/provider/${id}`

/** The one that is meant, and may be used from here. */
export function offeredProvider(parts: Parts, id: string, audience: string): Provider {
  const provider = parts.providers.find(id)
  if (!provider?.is_enabled) throw refuse('provider_not_offered')
  if (audience === CONSOLE_AUDIENCE) throw refuse('provider_not_here')
  return provider
}

/**
 * `GET /sign-in/provider/{id}`: how it stands with it, and the other ways. A page that was shown because the provider did not
 * answer looks again by itself.
 */
export async function showProvider(
  parts: Parts,
  call: Call<unknown, Static<typeof ProviderQuery>, { id: string }>,
): Promise<Answer> {
  const { hint, looked, ...said } = call.query
  const errand = errandOf(parts, call, said)
  const provider = offeredProvider(parts, call.params.id, errand.audience)
  const email = unsealHint(parts.secret, hint)
  const standing = looked === undefined ? standingOf(parts, provider) : (await lookAt(parts, provider)).standing
  return shown(parts, call, { provider, errand, email, standing, looked: looked ?? 0 })
}

/** For an address of its domain: the same for everybody, and nothing is asked of anybody. */
export function providerPageFor(
  parts: Parts,
  call: Call,
  to: { provider: Provider; errand: Errand; email: Email },
): Promise<Answer> {
  return shown(parts, call, { ...to, standing: standingOf(parts, to.provider), looked: 0 })
}

/** Before somebody is sent there: what is held of it, and whether it answers now. */
export async function lookAt(parts: Parts, provider: Provider): Promise<{ standing: Standing; canGo: boolean }> {
  const standing = standingOf(parts, provider)
  if (standing.state === 'open') return { standing, canGo: false }
  const found = await parts.providers.preflight(provider)
  if (found === 'good' || found === 'not-needed') return { standing, canGo: true }
  // The verdict may have been reached meanwhile, by this very look.
  const { state } = standingOf(parts, provider)
  const isTold = state === 'open' || state === 'unknown'
  if (isTold) return { standing: standingOf(parts, provider), canGo: false }
  return { standing: { state: found === 'limited' ? 'limited' : 'checking' }, canGo: false }
}

export interface Shown {
  provider: Provider
  errand: Errand
  email: Email | null
  standing: Standing
  /** How often the page has looked by itself. */
  looked: number
}

export async function shown(
  parts: Parts,
  call: Call,
  { provider, errand, email, standing, looked }: Shown,
): Promise<Answer> {
  const passkey = await passkeyHere(parts, call, errand)
  const view = pageOf(parts, call)
  const hidden = carried(errand)
  const address = email?.address
  const path = pathFor(parts.secret, { provider, errand, email })
  const content = providerPage(
    { ...view, path },
    {
      name: provider.name,
      standing,
      domain: email && parts.providers.ofDomain(domainOf(email))?.id === provider.id ? domainOf(email) : null,
      email: address ?? null,
      form: formTo(pathOf(provider), { ...hidden, email: address }),
      codeForm: address === undefined ? null : formTo('/sign-in', { ...hidden, email: address, by: 'mail' }),
      otherPath: startPathOf(call, errand),
      passkey,
      again:
        standing.state === 'checking' && looked < LOOKS_MAX
          ? { path: `${path}&looked=${looked + 1}`, seconds: LOOK_EVERY_S }
          : null,
      notice: mailNotice(parts, view),
    },
  )
  return page(200, content, {
    formActions: passkey?.away ? [new URL(parts.config.url).origin] : [],
    cookies: browserOf(call).cookies,
  })
}

async function passkeyHere(parts: Parts, call: Call, errand: Errand): Promise<PasskeyWay | null> {
  const answer = await parts.sessions.verify(call, { audience: errand.audience })
  const { way } = await passkeysOffered(parts, call, errand, answer)
  // There is no field here in which a browser could offer one.
  return way && { ...way, ceremony: way.ceremony && { ...way.ceremony, isConditional: false }, weight: 'usual' }
}

/** The address of this page, which says everything but the person's own. */
function pathFor(secret: Secret, { provider, errand, email }: Pick<Shown, 'provider' | 'errand' | 'email'>): string {
  const said = Object.entries(carried(errand)).filter((field): field is [string, string] => Boolean(field[1]))
  const query = new URLSearchParams(said)
  if (email) query.set('hint', secret.seal(HINT_PURPOSE, email.address))
  return `${pathOf(provider)}?${query}`
}

function unsealHint(secret: Secret, hint: string | undefined): Email | null {
  if (hint === undefined) return null
  try {
    const read = readEmail(secret.unseal(HINT_PURPOSE, hint))
    return read.outcome === 'ok' ? read.email : null
  } catch {
    // Whatever is wrong with it, it is not one of ours: the page goes without it.
    return null
  }
}

const domainOf = ({ key }: Email) => key.slice(key.indexOf('@') + 1)
