import { moment, type Page } from '../../pages/index.ts'
import { arrivalPage } from './arrival-page.ts'
import { failedPage } from './failed-page.ts'
import { goingPage } from './going-page.ts'
import { linkedPage } from './linked-page.ts'
import { type ProviderPageProps, providerPage } from './provider-page.ts'

type Text = (usual: string) => string

/** Sign-in with providers, as the gallery shows it; `text` stands in for whatever people and administrators wrote. */
export function federationGallery(page: Page, text: Text, seconds = 5): Record<string, string> {
  const before = (minutes: number) => new Date(page.now.getTime() - minutes * 60_000)
  const name = text('Auth0')
  const email = text('ana.perez@acme.test')
  const form = (path: string) => ({ path })
  const words = page.words.federation
  const shown: ProviderPageProps = {
    name,
    standing: { state: 'ordinary' },
    domain: text('acme.test'),
    email,
    form: form('/sign-in/provider/prv_1'),
    codeForm: form('/sign-in'),
    otherPath: '/sign-in?application=app_demo',
    passkey: {
      ceremony: { kind: 'get', beginPath: '/v1/sign-in/passkey', asked: {}, form: form('/sign-in/passkey') },
      weight: 'usual',
    },
    again: null,
  }
  const chosen = { ...shown, domain: null, email: null, codeForm: null }
  const again = { path: '/sign-in/provider/prv_1?looked=1', seconds }
  const row = {
    id: 'lid_1',
    provider: name,
    email,
    name: text('Ana Pérez'),
    linkedAt: before(90_000),
    lastProvedAt: before(130),
    closedReason: null,
    removeForm: form('/account/linked-identities/lid_1/remove'),
  }
  const offered = { name: text('Google'), form: form('/account/linked-identities/with/prv_2'), notice: null }
  return {
    provider: providerPage(page, shown),
    'provider-chosen': providerPage(page, chosen),
    'provider-checking': providerPage(page, { ...shown, standing: { state: 'checking' }, again }),
    'provider-limited': providerPage(page, { ...shown, standing: { state: 'limited' } }),
    'provider-checking-chosen': providerPage(page, { ...chosen, standing: { state: 'checking' }, again }),
    'provider-down': providerPage(page, { ...shown, standing: { state: 'open', since: before(64) } }),
    'provider-down-at-app': providerPage(page, {
      ...shown,
      standing: { state: 'open', since: before(64) },
      passkey: { ceremony: null, away: form('/sign-in/passkey/away'), weight: 'usual' },
    }),
    'provider-recovering': providerPage(page, { ...shown, standing: { state: 'recovering', since: before(64) } }),
    'provider-unknown': providerPage(page, { ...shown, standing: { state: 'unknown', since: before(3) } }),
    'provider-going': goingPage(page, {
      name,
      url: 'https://acme.eu.auth0.com/authorize?state=abc',
      // So long that nobody who reads it is in the middle of it (WCAG 2.2.1).
      afterSeconds: 24 * 3600,
    }),
    'provider-denied': failedPage(page, { name, why: 'denied', againPath: '/sign-in' }),
    'provider-refused': failedPage(page, { name, why: 'refused', againPath: '/sign-in' }),
    'provider-not-fresh': failedPage(page, { name, why: 'notFresh', againPath: '/sign-in' }),
    'provider-busy': failedPage(page, { name, why: 'busy', againPath: '/sign-in/callback/prv_1?code=c&state=s' }),
    'provider-unreachable': failedPage(page, { name, why: 'unreachable', againPath: '/sign-in' }),
    arrival: arrivalPage(page, { name, form: form('/sign-in/arrival'), email: '' }),
    'arrival-error': arrivalPage(page, { name, form: form('/sign-in/arrival'), email: text('ana'), error: 'invalid' }),
    linked: linkedPage(page, {
      said: { kind: 'done', text: words.linked.isLinked },
      linked: [
        row,
        { ...row, id: 'lid_2', provider: text('Globex Entra'), closedReason: 'invalid_grant' },
        { ...row, id: 'lid_3', provider: null, email: null, closedReason: 'administrator' },
      ],
      offered: [offered],
    }),
    'linked-none': linkedPage(page, {
      said: null,
      linked: [],
      offered: [
        offered,
        { ...offered, notice: { state: 'failing', text: words.linked.down(name, moment(page, before(64))) } },
      ],
    }),
  }
}
