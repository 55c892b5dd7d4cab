import assert from 'node:assert/strict'
import { type CertificateAuthority, makeCertificateAuthority } from '../../../../doubles/index.ts'
import type { Person } from '../../../../doubles/oidc/index.ts'
import { sql } from '../../../platform/database/index.ts'
import { startControl } from '../../providers/health/testing/open-rig.ts'
import { openProviders, type Provider, type ProviderState } from '../../providers/index.ts'
import { insertTestProvider, movableClock, type Outside, startOutside, testOptions } from '../../providers/testing.ts'
import { HERE, type IdentityRig, openRig, type RigOptions, type Seen, type TestBrowser } from '../testing.ts'

export const ANA = 'ana@acme.test'
/** Trusted for the addresses of these people, as far as it calls them verified. */
export const TRUSTED = { trusts_email: true, domains: ['acme.test', 'other.test'] }
/** Of a provider that nobody goes to: what is asked of it is who it speaks for. */
export const ELSEWHERE = 'https://id.elsewhere.invalid'
export const people: Person[] = [
  { sub: 'ana', email: ANA, email_verified: true, name: 'Ana Álvarez', picture: 'https://id.acme.test/ana.png' },
  { sub: 'bea', email: 'bea@acme.test', email_verified: false, name: 'Bea' },
  { sub: 'cem', name: 'Cem, who says no address' },
  { sub: 'dana', email: 'dana@other.test', email_verified: true },
]

/** Sign-in with a real provider outside, over https, that is known here and enabled. */
export interface FederationRig extends IdentityRig {
  outside: Outside
  provider: Provider
  /** Sets up another provider of the same outside. */
  add(more: Omit<Parameters<typeof insertTestProvider>[1], 'issuer'> & { issuer?: string }): Promise<Provider>
  /** Presses "Continue with X" and walks through the provider; answers where the browser comes back to. */
  walk(browser: TestBrowser, as: string, leaving?: Leaving): Promise<string>
  /** The whole way, up to what the callback answers. */
  signIn(browser: TestBrowser, as: string, leaving?: Leaving): Promise<Seen>
}

/** What is held of a provider from now on, as the judge would have decided it. */
export async function hold(
  rig: FederationRig,
  state: ProviderState,
  { since, isOpen }: { since: Date; isOpen: boolean },
): Promise<void> {
  const why = { sentence: 'a test says so', faults: [], processes: { saw: 1, live: 1 }, is_control_good: true }
  await rig.db.run(sql`
    insert into providers.verdict (provider_id, epoch, state, since, open_since, decided_at, decided_by, why)
    values (${rig.provider.id}, 1, ${state}, ${since}, ${isOpen ? since : null}, ${since}, 'holdfast', ${JSON.stringify(why)})
    on conflict (provider_id) do update
       set epoch = verdict.epoch + 1, state = excluded.state, since = excluded.since, open_since = excluded.open_since`)
  await rig.providers.reload()
}

interface Leaving {
  provider?: Provider
  fields?: Record<string, string>
  /** Another one outside. */
  through?: Outside
  /** Another form that leads to a provider. */
  path?: string
}

let authority: CertificateAuthority | undefined
/** One in a process: all are called the same, and of two OpenSSL takes the wrong one. */
function theAuthority(): CertificateAuthority {
  authority ??= makeCertificateAuthority()
  return authority
}

type Settings = Partial<Parameters<typeof insertTestProvider>[1]>

interface FederationOptions extends RigOptions {
  /** Something else outside answers: without it no provider is ever found to be down, for it might be our own network. */
  isControlled?: boolean
}

export async function openFederationRig(
  settings: Settings = {},
  { isControlled = false, ...options }: FederationOptions = {},
): Promise<FederationRig> {
  await using stack = new AsyncDisposableStack()
  const held: { outside?: Outside } = {}
  const rig = stack.use(
    await openRig({
      // The machine's: what is held of a provider is told by its clock and the database's.
      clock: movableClock(),
      ...options,
      async providers(ground) {
        const outside = stack.use(
          await startOutside({ url: HERE, clock: ground.clock, people, authority: theAuthority() }),
        )
        held.outside = outside
        const certificate = outside.authority.issue({ hosts: ['127.0.0.1'] })
        const control = isControlled ? stack.use(await startControl(certificate, '127.0.0.1')) : undefined
        const authorities = [outside.authority.cert]
        return openProviders({
          ...testOptions({ ...ground, authorities, url: HERE }),
          ...(control && { controlUrls: [control.url] }),
        })
      },
    }),
  )
  const outside = held.outside!
  const add: FederationRig['add'] = (more) =>
    insertTestProvider(
      { db: rig.db, providers: rig.providers, clock: rig.clock },
      { issuer: outside.oidc.issuer, ...more },
    )
  const provider = await add(settings)
  const walk: FederationRig['walk'] = async (browser, as, leaving = {}) => {
    const path = leaving.path ?? `/sign-in/provider/${(leaving.provider ?? provider).id}`
    const back = await (leaving.through ?? outside).walk(departureIn(await browser.submit(path, leaving.fields)), as)
    return back.pathname + back.search
  }
  const all = stack.move()
  return {
    ...rig,
    outside,
    provider,
    add,
    walk,
    signIn: async (browser, as, leaving) => browser.get(await walk(browser, as, leaving)),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** Where the page sends on to. */
export function departureIn(seen: Seen): string {
  const [, url] = /<meta http-equiv="refresh" content="0;url=([^"]+)">/.exec(seen.text) ?? []
  assert.ok(url, `${seen.status}: ${seen.text.slice(0, 2000)}`)
  return url.replaceAll('&amp;', '&')
}
