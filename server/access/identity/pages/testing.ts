import { providersThere, testProvider } from '../fail-over/readiness/testing.ts'
import { provisionalNotice } from '../fail-over/say-provisional.ts'
import { accountLifeGallery } from '../accounts/pages/testing.ts'
import { federationGallery } from '../federation/pages/testing.ts'
import { staffGallery } from '../impersonation/testing.ts'
import { passkeyGallery } from '../passkeys/pages/testing.ts'
import { organizationGallery } from '../invitations/testing.ts'
import { toldIn } from '../words/sentences.ts'
import { wordsFor } from '../words/words.ts'
import * as views from './index.ts'

interface Options {
  text?: string
  url?: string
  zone?: string | null
  retrySeconds?: number
  language?: string
  brand?: Partial<views.Brand>
}

/** One of each page, as tests look at them. `text` stands wherever somebody else's text can stand. */
export function gallery(options: Options = {}): Record<string, string> {
  const now = new Date('2026-11-21T10:42:30Z')
  const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
  const after = (minutes: number) => before(-minutes)
  const text = (usual: string) => options.text ?? usual
  const url = options.url ?? 'https://notes.acme.test/'
  const page: views.Page = {
    words: wordsFor(options.language ?? 'en-GB'),
    brand: { name: text('Acme Notes'), ...options.brand },
    path: '/sign-in?application=app_demo',
    link: (path) => path,
    now,
    zone: options.zone ?? null,
  }
  // The development mailbox speaks English to everybody.
  const developer = { ...page, words: wordsFor('en'), path: null }
  const zoned = { ...page, zone: options.zone ?? 'Europe/Vienna' }
  const hidden = { return_to: text('https://notes.acme.test/'), application: 'app_demo' }
  const form = (path: string) => ({ path, hidden })
  const email = text('ana@acme.test')
  const code = { email, form: form('/sign-in/code'), anotherPath: '/sign-in?application=app_demo', expiresAt: after(5) }
  const resend = { path: '/sign-in', hidden: { ...hidden, email }, from: null }
  const profile: views.ProfileProps = {
    form: form('/account/profile'),
    values: { name: text('Ana Pérez'), picture_url: url, locale: 'de-AT', time_zone: 'Europe/Vienna' },
  }
  const live = (id: string, more: Partial<views.LiveSession>): views.LiveSession => ({
    id,
    device: text('Chrome on Windows'),
    address: text('198.51.100.7'),
    application: text('Acme Notes'),
    signedInAt: before(3 * 24 * 60),
    lastSeenAt: before(130),
    isCurrent: false,
    endForm: form(`/account/sessions/${id}/end`),
    ...more,
  })
  const account: views.AccountProps = {
    email,
    profile,
    sessions: [
      live('ses_1', { isCurrent: true, signedInAt: before(4), lastSeenAt: now }),
      live('ses_2', { device: text('Safari on iPhone'), address: text('2001:db8:85a3::8a2e:370:7334') }),
      live('ses_3', { device: text('Firefox on Linux'), lastSeenAt: before(14), application: null }),
    ],
    ended: [
      {
        id: 'ses_4',
        device: text('Edge on Windows'),
        address: null,
        application: text('Acme Notes'),
        endedAt: before(55),
        reason: 'revoked',
      },
      {
        id: 'ses_5',
        device: text('Chrome on Android'),
        address: text('198.51.100.9'),
        application: null,
        endedAt: before(4000),
        reason: 'idle',
      },
    ],
    endAllForm: form('/account/sessions/end-all'),
    signOutForm: form('/sign-out'),
    backUrl: url,
  }
  const acted = [
    { staff: text('Ben Okafor'), reason: text('Ticket 4711: Export'), from: before(70), to: before(55) },
    { staff: null, reason: text('Ticket 4708'), from: before(3000), to: before(2990) },
  ]
  const acting = { staff: text('Ben Okafor'), person: email, until: after(12) }
  const mail: views.DevelopmentMail = {
    id: '01k',
    to: email,
    from: text('Acme Notes <no-reply@acme.test>'),
    subject: text('482 913 is your code for Acme Notes'),
    date: before(1),
    text: text('Type this code: 482 913\n\nOr open http://localhost:4000/sign-in/link/abc'),
    html: text('<p>Type this code</p>'),
    code: options.text ? null : '482913',
  }
  const outage = { cause: 'database', since: before(3), retrySeconds: options.retrySeconds ?? 3 } as const

  const [title, detail] = ['Internal error', 'This is a fault of Holdfast, kept as inc_01k.']
  const bug = { code: 'platform.bug', status: 500, title, detail, incident: 'inc_01k' }

  return {
    'sign-in': views.signInPage(page, { form: form('/sign-in') }),
    'sign-in-providers': views.signInPage(page, {
      form: form('/sign-in'),
      providers: [
        { name: text('Google'), form: form('/sign-in/provider/prv_2'), notice: null },
        {
          name: text('Auth0'),
          form: form('/sign-in/provider/prv_1'),
          notice: {
            state: 'failing',
            text: page.words.federation.downShort(text('Auth0'), views.moment(page, before(64))),
          },
        },
      ],
    }),
    'code-arrival': views.codePage(page, { ...code, resend, joins: text('Google') }),
    'sign-in-error': views.signInPage(page, { form: form('/sign-in'), email: text('ana'), error: 'invalid' }),
    'sign-in-ended': views.signInPage(page, {
      form: form('/sign-in'),
      email,
      ended: { reason: 'revoked', at: before(6) },
      notice: { state: 'failing', text: page.words.signIn.mailAway(views.moment(page, before(11))) },
    }),
    'sign-in-fresh': views.signInPage(page, { form: form('/sign-in'), email, isFresh: true }),
    code: views.codePage(page, { ...code, resend: { ...resend, from: new Date(now.getTime() + 24_000) } }),
    'code-wrong': views.codePage(page, { ...code, resend, error: 'wrong', attemptsLeft: 3 }),
    'code-spent': views.codePage(page, { ...code, resend, error: 'spent' }),
    'code-link-only': views.codePage(page, {
      ...code,
      resend,
      isLinkOnly: true,
      notice: { state: 'unknown', text: page.words.signIn.mailAway(views.moment(page, before(2))) },
    }),
    'link-ready': views.linkReadyPage(page, { email, form: form('/sign-in/link/abc') }),
    'link-elsewhere': views.linkElsewherePage(page, {
      code: text('482913'),
      device: text('Chrome on Windows'),
      startedAt: before(2),
      expiresAt: after(3),
      host: text('notes.acme.test'),
    }),
    'link-only': views.linkOnlyPage(page, { device: text('Chrome on Windows'), startedAt: before(2) }),
    ...organizationGallery(zoned, text),
    ...federationGallery(page, text, options.retrySeconds),
    ...accountLifeGallery(zoned, text),
    ...staffGallery(zoned, text),
    ...passkeyGallery(zoned, text),
    'link-used': views.linkSpentPage(page, { why: 'used', againPath: '/sign-in' }),
    'link-unknown': views.linkSpentPage(page, { why: 'unknown', againPath: '/sign-in' }),
    account: views.accountPage(zoned, account),
    'account-saved': views.accountPage(zoned, { ...account, profile: { ...profile, isSaved: true }, ended: [] }),
    'account-provisional': views.accountPage(zoned, {
      ...account,
      notice: provisionalNotice({ providers: providersThere([testProvider({ id: 'prv_1', name: 'Auth0' })]) }, zoned, {
        stands_in_for: 'prv_1',
        due_at: new Date('2026-11-21T11:00:00Z'),
        ...{ amr: ['otp', 'failover'], expires_at: new Date('2026-11-21T18:00:00Z') },
      }),
    }),
    'account-errors': views.accountPage(zoned, {
      ...account,
      profile: { ...profile, errors: { name: 'name_invalid', picture_url: 'picture_invalid' } },
    }),
    'account-support': views.accountPage({ ...zoned, acting }, { ...account, backUrl: null, acted }),
    'account-unknown': views.accountPage(zoned, {
      ...account,
      sessions: 'unknown',
      ended: [],
      unknownSince: before(3),
      known: { source: 'proof', ageMs: 200_000 },
    }),
    'sign-out': views.signOutPage(page, { form: form('/sign-out'), email, stayUrl: url }),
    'signed-out': views.signedOutPage(page, { done: 'here', signInPath: '/sign-in' }),
    'signed-out-everywhere': views.signedOutPage(page, { done: 'everywhere', signInPath: '/sign-in' }),
    'signed-out-pending': views.signedOutPage(page, {
      done: 'pending',
      unknownSince: before(3),
      signInPath: '/sign-in',
    }),
    enrol: views.enrolPage(page, { form: form('/enrol/abc'), expiresAt: after(15) }),
    'enrol-done': views.enrolDonePage(page, { email, consolePath: '/console' }),
    'enrol-spent': views.enrolSpentPage(page),
    unavailable: views.unavailablePage(page, {
      ...outage,
      task: 'sign_in',
      retry: { form: form('/sign-in'), path: '/sign-in?a=b' },
    }),
    'unavailable-account': views.unavailablePage(page, {
      ...outage,
      task: 'account',
      since: null,
      retry: { path: '/account?tab=1' },
    }),
    'too-many': views.tooManyPage(page, {
      what: 'mails',
      retryAt: after(7),
      againPath: '/sign-in',
      code: 'identity.too_many_mails',
    }),
    'return-to': views.returnToRefusedPage(page, { target: text('https://evil.example/'), code: 'identity.return_to' }),
    'cross-site': views.crossSitePage(page, { path: '/sign-in', code: 'identity.cross_site' }),
    forbidden: views.forbiddenPage(page, { code: 'identity.not_an_administrator' }),
    refused: views.refusalPage(page, {
      title: toldIn(page.words.sentences, bug).title,
      detail: toldIn(page.words.sentences, bug).detail,
      code: 'inc_01kakn2k1be5mbaq9b1rkk2dfy',
      action: { label: page.words.refusals.toSignIn, path: '/sign-in' },
    }),
    'not-found': views.notFoundPage(page),
    mailbox: views.mailboxPage(developer, { mails: [mail, { ...mail, id: '01j', date: before(90) }] }),
    'mailbox-empty': views.mailboxPage(developer, { mails: [] }),
    mail: views.mailPage(developer, mail),
    'mail-gone': views.mailGonePage(developer),
  }
}
