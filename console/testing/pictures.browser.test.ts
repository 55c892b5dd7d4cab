/** Every page in every state that matters, as pictures for a person, and held against axe on the way. */
import { suite } from 'node:test'
import type { Condition } from './double.ts'
import { idOf } from './world/ids.ts'
import type { Page } from 'playwright-core'
import { assertAccessible, browserTest, readAs, type Reader, takePicture } from './browser.ts'

interface Picture {
  name: string
  path: string
  /** What is awaited before the picture is taken. */
  heading: string | RegExp
  begins?: Condition
  /** What happens after the page has been read. */
  becomes?: Condition
  reader?: Reader
  /** As the same page is looked at afterwards, each a picture of its own. */
  looks?: Readonly<Record<string, Reader>>
  /** Text that shows that `becomes` has reached the page. */
  awaits?: RegExp
}

const user = `/users/${idOf('usr', 0)}`
const whyPerson = `/sessions/why?user=${idOf('usr', 4)}`
const auditEntry = `/audit/${idOf('aud', 3)}`
const asked = encodeURIComponent(JSON.stringify({ targetingKey: 'usr_7', plan: 'pro', country: 'US' }))
const provider = `/providers/${idOf('prv', 0)}`
const trusted = `/providers/${idOf('prv', 2)}?part=settings`
const acme = `/organizations/${idOf('org', 0)}?part=sign-in`
const people = `/providers/readiness/${idOf('prv', 0)}`
const away = /has not answered since|Not known since/

const dark: Reader = { colorScheme: 'dark' }
const narrow: Reader = { width: 390, height: 844 }
const wide: Reader = { width: 1600, height: 1000 }

/** A page in each state that it can be in, in light; the page itself in dark and on a telephone as well. */
function everyState(name: string, path: string, heading: string | RegExp, isEmptyToo = true): Picture[] {
  const page = { path, heading }
  return [
    { name, ...page, looks: { dark, 390: narrow } },
    ...(isEmptyToo ? [{ name: `${name}-empty`, ...page, begins: 'empty' as const }] : []),
    { name: `${name}-error`, ...page, begins: 'broken' },
    { name: `${name}-unknown`, ...page, becomes: 'database-away', awaits: away },
    { name: `${name}-unknown-cold`, ...page, begins: 'database-away-cold' },
  ]
}

const pictures: readonly Picture[] = [
  { name: 'home', path: '/', heading: 'All is well' },
  { name: 'home-dark', path: '/', heading: 'All is well', reader: dark },
  { name: 'home-390', path: '/', heading: 'All is well', reader: narrow },
  { name: 'home-1600', path: '/', heading: 'All is well', reader: wide },
  { name: 'home-empty', path: '/', heading: 'All is well', begins: 'empty' },
  { name: 'home-failing', path: '/', heading: 'Mail A is failing', begins: 'mail-failing' },
  { name: 'home-unknown', path: '/', heading: 'Database cannot be seen', becomes: 'database-away', awaits: away },
  {
    name: 'home-unknown-dark',
    path: '/',
    heading: 'Database cannot be seen',
    becomes: 'database-away',
    awaits: away,
    reader: dark,
  },
  { name: 'home-access-away', path: '/', heading: /Access has not answered/, becomes: 'access-away', awaits: away },
  ...everyState('users', '/users', 'Users'),
  { name: 'user', path: user, heading: 'Ana Duarte' },
  { name: 'user-dark', path: user, heading: 'Ana Duarte', reader: { ...dark, ...wide } },
  { name: 'user-390', path: user, heading: 'Ana Duarte', reader: narrow },
  { name: 'user-blocked', path: `/users/${idOf('usr', 11)}`, heading: 'Lena Hoffmann' },
  { name: 'user-deleting-dark', path: `/users/${idOf('usr', 17)}`, heading: 'Rosa Delgado', reader: dark },
  { name: 'user-sessions', path: `${user}?part=sessions`, heading: 'Ana Duarte' },
  { name: 'user-organizations', path: `${user}?part=organizations`, heading: 'Ana Duarte' },
  { name: 'user-audit', path: `${user}?part=audit`, heading: 'Ana Duarte' },
  ...everyState('organizations', '/organizations', 'Organisations'),
  ...everyState('sessions', '/sessions', 'Sessions'),
  { name: 'sessions-all', path: '/sessions?state=all', heading: 'Sessions', reader: wide },
  ...everyState('why', '/sessions/why', 'Why was I signed out?'),
  { name: 'why-person', path: whyPerson, heading: 'Why was I signed out?', reader: wide },
  { name: 'why-person-dark', path: whyPerson, heading: 'Why was I signed out?', reader: dark },
  { name: 'why-person-390', path: whyPerson, heading: 'Why was I signed out?', reader: { ...narrow, height: 1600 } },
  ...everyState('impersonations', '/sessions/impersonations', 'Impersonations'),
  ...everyState('applications', '/applications', 'Applications'),
  ...everyState('providers', '/providers', 'Providers'),
  { name: 'providers-1600', path: '/providers', heading: 'Providers', reader: wide },
  { name: 'providers-down-390', path: '/providers', heading: 'Providers', begins: 'provider-down', reader: narrow },
  ...everyState('provider', provider, /^(Auth0|prv_.*)$/, false),
  { name: 'provider-1600', path: provider, heading: /^(Auth0|prv_.*)$/, reader: wide },
  {
    name: 'provider-down-dark',
    path: provider,
    heading: /^(Auth0|prv_.*)$/,
    begins: 'provider-down',
    reader: { ...dark, ...wide },
  },
  {
    name: 'provider-down-390',
    path: provider,
    heading: /^(Auth0|prv_.*)$/,
    begins: 'provider-down',
    reader: { ...narrow, height: 1800 },
  },
  { name: 'provider-cut-off', path: provider, heading: /^Auth0$/, begins: 'process-cut-off' },
  { name: 'provider-cut-off-dark', path: provider, heading: /^Auth0$/, begins: 'process-cut-off', reader: dark },
  {
    name: 'provider-cut-off-390',
    path: provider,
    heading: /^Auth0$/,
    begins: 'process-cut-off',
    reader: { ...narrow, height: 1600 },
  },
  { name: 'provider-counts-from', path: trusted, heading: 'Fjord Entra' },
  { name: 'provider-counts-from-dark', path: trusted, heading: 'Fjord Entra', reader: dark },
  { name: 'provider-counts-from-390', path: trusted, heading: 'Fjord Entra', reader: { ...narrow, height: 1400 } },
  { name: 'provider-not-enabled', path: `/providers/${idOf('prv', 4)}`, heading: 'Kestrel Okta' },
  {
    name: 'provider-evidence',
    path: `${provider}?part=evidence`,
    heading: /^(Auth0|prv_.*)$/,
    begins: 'provider-down',
  },
  { name: 'provider-evidence-390', path: `${provider}?part=evidence`, heading: /^(Auth0|prv_.*)$/, reader: narrow },
  { name: 'provider-history', path: `${provider}?part=history`, heading: /^(Auth0|prv_.*)$/, begins: 'provider-down' },
  { name: 'provider-history-390', path: `${provider}?part=history`, heading: /^(Auth0|prv_.*)$/, reader: narrow },
  { name: 'provider-settings', path: `${provider}?part=settings`, heading: /^(Auth0|prv_.*)$/, reader: wide },
  {
    name: 'provider-settings-390',
    path: `${provider}?part=settings`,
    heading: /^(Auth0|prv_.*)$/,
    reader: { ...narrow, height: 1400 },
  },
  {
    name: 'provider-make-390',
    path: '/providers?make=yes',
    heading: 'Add a provider',
    reader: { ...narrow, height: 1500 },
  },
  ...everyState('readiness', '/providers/readiness', 'Readiness'),
  { name: 'readiness-1600', path: '/providers/readiness', heading: 'Readiness', reader: { ...wide, height: 1600 } },
  ...everyState('readiness-people', people, /^If .* died now$/, false),
  ...everyState('readiness-organizations', `${people}/organizations`, /by organisation/, false),
  ...everyState('fail-over-sign-ins', '/providers/sign-ins', 'Fail-over sign-ins'),
  ...everyState('kept-out', '/providers/kept-out', 'Kept out'),
  ...everyState('organization-sign-in', acme, /^(Acme|org_.*)$/, false),
  {
    name: 'policy-edit-dark',
    path: `${acme}&ask=policy`,
    heading: 'How Acme signs in',
    reader: { ...dark, height: 1400 },
  },
  {
    name: 'policy-edit-390',
    path: `${acme}&ask=policy`,
    heading: 'How Acme signs in',
    reader: { ...narrow, height: 1800 },
  },
  { name: 'user-methods-dark', path: `${user}?part=methods`, heading: 'Ana Duarte', reader: { ...dark, ...wide } },
  {
    name: 'user-methods-390',
    path: `${user}?part=methods`,
    heading: 'Ana Duarte',
    reader: { ...narrow, height: 1400 },
  },
  {
    name: 'home-provider-down',
    path: '/',
    heading: 'An identity provider is down',
    begins: 'provider-down',
    reader: { ...wide, height: 1400 },
  },
  ...everyState('tokens', '/tokens', 'Tokens'),
  { name: 'tokens-not-allowed', path: '/tokens', heading: 'Tokens', begins: 'support' },
  ...everyState('statistics', '/statistics', 'Statistics'),
  { name: 'statistics-day', path: '/statistics?range=day', heading: 'Statistics', reader: wide },
  { name: 'statistics-tables', path: '/statistics?as=tables', heading: 'Statistics', reader: narrow },
  ...everyState('audit', '/audit', 'Audit'),
  { name: 'audit-entry', path: auditEntry, heading: /ended a session|made|blocked|rotated/ },
  { name: 'audit-entry-dark', path: auditEntry, heading: /ended a session|made|blocked|rotated/, reader: dark },
  { name: 'audit-entry-390', path: auditEntry, heading: /ended a session|made|blocked|rotated/, reader: narrow },
  ...everyState('flags', '/flags', 'Flags'),
  { name: 'flags-wiped', path: '/flags', heading: 'Flags', begins: 'flags-wiped' },
  { name: 'home-flags-wiped', path: '/', heading: 'Flags are held', begins: 'flags-wiped' },
  {
    name: 'flag-adopt',
    path: '/flags/changes?ask=adopt',
    heading: 'Adopt what the database has',
    begins: 'flags-wiped',
  },
  { name: 'flags-1600', path: '/flags', heading: 'Flags', reader: wide },
  ...everyState('flag', '/flags/checkout.express', /Express checkout|checkout\.express/, false),
  { name: 'flag-1600', path: '/flags/new-view', heading: 'New view', reader: wide },
  { name: 'flag-split', path: '/flags/pricing.table', heading: 'Pricing table', reader: wide },
  { name: 'flag-richer', path: '/flags/theme.night', heading: 'Night theme by the clock' },
  { name: 'flag-kill', path: '/flags/checkout.express?ask=kill', heading: 'Kill checkout.express?' },
  { name: 'flag-try', path: `/flags/checkout.express?part=try&context=${asked}`, heading: 'Express checkout' },
  {
    name: 'flag-try-dark',
    path: `/flags/checkout.express?part=try&context=${asked}`,
    heading: 'Express checkout',
    reader: dark,
  },
  {
    name: 'flag-try-390',
    path: `/flags/checkout.express?part=try&context=${asked}`,
    heading: 'Express checkout',
    reader: narrow,
  },
  { name: 'flag-history', path: '/flags/new-view?part=history', heading: 'New view' },
  ...everyState('flag-changes', '/flags/changes', 'History'),
  { name: 'flag-restore', path: '/flags/changes?ask=restore', heading: 'Restore flags' },
  ...everyState('flags-try', `/flags/try?context=${asked}`, 'Try it', false),
  ...everyState('flag-fleet', '/flags/fleet', 'Fleet'),
  ...everyState('segments', '/segments', 'Segments'),
  ...everyState('segment', '/segments/beta-testers', /Beta testers|beta-testers/, false),
  { name: 'segment-make', path: '/segments?make=yes', heading: 'Make a segment' },
  ...everyState('signing-keys', '/signing-keys', 'Signing keys'),
  ...everyState('staff', '/staff', 'Staff', false),
  ...everyState('backups', '/backups', 'Backups'),
  ...everyState('settings', '/settings', 'Settings', false),
  { name: 'not-administrator', path: '/', heading: 'The console is for administrators', begins: 'forbidden' },
  { name: 'nowhere', path: '/no-such-page', heading: 'No such page' },
]

async function look(page: Page, name: string, { colorScheme }: Reader = {}): Promise<void> {
  await takePicture(page, name)
  // In dark the page is the same, in other colours.
  await assertAccessible(page, colorScheme === 'dark' ? ['color-contrast'] : undefined)
}

/** Most of a picture is waiting for the page; more at a time than this only makes all of them slower. */
const AT_A_TIME = 2

suite('pictures', { concurrency: AT_A_TIME }, () => {
  for (const { name, path, heading, begins = 'fine', becomes, reader, looks = {}, awaits } of pictures) {
    browserTest(
      `the page in the picture ${name} has no serious accessibility violation`,
      async ({ page, double, open }) => {
        double.become(begins)
        await open(path)
        if (becomes) {
          await page
            .getByText(/^(Read|Looked at)/)
            .filter({ visible: true })
            .first()
            .waitFor()
          double.become(becomes)
        }
        await page.getByRole('heading', { name: heading }).waitFor()
        if (awaits) await page.getByText(awaits).first().waitFor()
        await page.getByText('Reading', { exact: true }).first().waitFor({ state: 'detached' })
        await look(page, name, reader)
        for (const [suffix, as] of Object.entries(looks)) {
          await readAs(page, as)
          await look(page, `${name}-${suffix}`, as)
        }
      },
      reader,
    )
  }
})
