import { type Page, signInPage } from '../../pages/index.ts'
import { madeCodesPage, recoveryCodesPage, useCodePage } from '../../recovery-codes/pages.ts'
import type { Ceremony } from './ceremony.ts'
import { handOverOverPage, handOverPage } from '../../hand-over/pages/hand-over-page.ts'
import { offerPage } from './offer-page.ts'
import { passkeysPage, removePage } from './passkeys-page.ts'
import type { PasskeyWay } from './sign-in-block.ts'

/** Pages of passkeys and recovery codes, as the gallery shows them; `text` stands in for whatever people wrote. */
export function passkeyGallery(page: Page, text: (usual: string) => string): Record<string, string> {
  const form = (path: string) => ({ path })
  const email = text('ana@acme.test')
  const before = (days: number) => new Date(page.now.getTime() - days * 24 * 3_600_000)
  const ceremony = (kind: Ceremony['kind'], path: string): Ceremony => ({
    kind,
    beginPath: '/v1/sign-in/passkey',
    asked: {},
    form: form(path),
    isConditional: kind === 'get',
  })
  const way: PasskeyWay = { ceremony: ceremony('get', '/sign-in/passkey'), weight: 'usual' }
  const away: PasskeyWay = { ceremony: null, away: form('/sign-in/passkey/away'), weight: 'usual' }
  const there = { host: 'notes.acme.test', backUrl: 'https://notes.acme.test/auth/sign-in' }
  const handOver = { ...there, ours: 'id.acme.test', way }
  const confirming: PasskeyWay = { ...way, weight: 'strongest' }
  const passkeys = [
    {
      id: 'psk_1',
      name: text('Ana’s phone'),
      is_multi_device: true,
      created_at: before(90),
      last_used_at: before(0.1),
      unconfirmed_since: null,
      copied_at: null,
      asleep: null,
    },
    {
      id: 'psk_2',
      name: text('Blue security key'),
      is_multi_device: false,
      created_at: before(3),
      last_used_at: null,
      unconfirmed_since: null,
      copied_at: null,
      asleep: null,
    },
  ]
  const adding = {
    state: 'ready',
    ceremony: ceremony('create', '/account/passkeys'),
    name: text('Chrome on Windows'),
  } as const
  const listed = { passkeys, adding, suggestsRecovery: true }
  const offer = {
    account: email,
    taking: { ceremony: adding.ceremony, name: adding.name },
    later: form('/account/passkeys/later'),
    isRequired: false,
  }
  const signIn = { form: form('/sign-in'), recoveryPath: '/sign-in/recovery-code', passkey: way }
  const fresh = { ...signIn, email, isFresh: true, passkey: confirming }
  const made = Array.from({ length: 10 }, (_, at) => `7Q4K-2MXB-9D8H-TR${at}F`)
  const acting = { staff: text('Ben Okafor'), person: email, until: new Date(page.now.getTime() + 720_000) }
  return {
    'sign-in-passkey': signInPage(page, signIn),
    'sign-in-passkey-refused': signInPage(page, { ...signIn, passkey: { ...way, error: 'unknown' } }),
    'sign-in-passkey-confirm': signInPage(page, fresh),
    'sign-in-passkey-only': signInPage(page, { ...fresh, isMailOffered: false }),
    'sign-in-passkey-away': signInPage(page, { ...signIn, passkey: away }),
    'sign-in-passkey-away-confirm': signInPage(page, {
      ...fresh,
      isMailOffered: false,
      passkey: { ...away, weight: 'strongest' },
    }),
    'passkey-for-app': handOverPage(page, handOver),
    'passkey-for-app-confirm': handOverPage(page, { ...handOver, way: confirming }),
    'passkey-for-app-refused': handOverPage(page, { ...handOver, way: { ...way, error: 'unknown' } }),
    'passkey-for-app-over': handOverOverPage(page, there),
    'sign-in-passkey-dormant': signInPage(page, {
      ...fresh,
      passkey: null,
      isMailOffered: false,
      leadsToProvider: true,
      providers: [{ name: text('Acme ID'), form: form('/sign-in/provider/prv_1'), notice: null }],
    }),
    'passkey-offer': offerPage(page, offer),
    'passkey-offer-required': offerPage(page, { ...offer, isRequired: true }),
    'passkey-offer-away': offerPage(page, {
      ...offer,
      taking: { awayUrl: 'https://konto.acme.test/account/passkeys' },
    }),
    'passkey-offer-failed': offerPage(page, { ...offer, isRequired: true, error: page.words.passkeys.unable }),
    passkeys: passkeysPage(page, listed),
    'passkeys-empty': passkeysPage(page, {
      passkeys: [],
      adding: { state: 'stale', freshPath: '/sign-in' },
      suggestsRecovery: false,
    }),
    'passkeys-error': passkeysPage(page, { ...listed, error: page.words.passkeys.badName }),
    'passkeys-restored': passkeysPage(page, {
      ...listed,
      passkeys: passkeys.map((each) => ({ ...each, unconfirmed_since: before(1) })),
    }),
    'passkeys-copied': passkeysPage(page, {
      ...listed,
      passkeys: passkeys.map((each) => ({ ...each, copied_at: before(1) })),
    }),
    'passkeys-dormant': passkeysPage(page, {
      ...listed,
      passkeys: passkeys.map((each, index) => ({ ...each, asleep: index === 0 ? 'dormant' : 'notTaken' })),
    }),
    'passkeys-full': passkeysPage(page, { ...listed, adding: { state: 'full' }, done: 'renamed' }),
    'passkeys-elsewhere': passkeysPage(page, {
      ...listed,
      adding: { state: 'elsewhere', url: 'https://konto.acme.test/account/passkeys' },
    }),
    'passkeys-unable': passkeysPage(page, { passkeys: [], adding: { state: 'unable' }, suggestsRecovery: false }),
    'passkeys-support': passkeysPage({ ...page, acting }, listed),
    'passkey-remove': removePage(page, { passkey: passkeys[0]!, form: form('/account/passkeys/psk_1/remove') }),
    'recovery-codes': recoveryCodesPage(page, { left: 2, madeAt: before(40), form: form('/account/recovery-codes') }),
    'recovery-codes-out': recoveryCodesPage(page, {
      left: 0,
      madeAt: before(40),
      form: form('/account/recovery-codes'),
    }),
    'recovery-codes-none': recoveryCodesPage(page, { left: 0, madeAt: null, form: form('/account/recovery-codes') }),
    'recovery-codes-made': madeCodesPage(page, { codes: made, email }),
    'recovery-code': useCodePage(page, { form: form('/sign-in/recovery-code'), otherPath: '/sign-in' }),
    'recovery-code-wrong': useCodePage(page, {
      form: form('/sign-in/recovery-code'),
      email,
      error: 'wrong',
      otherPath: '/sign-in',
    }),
  }
}
