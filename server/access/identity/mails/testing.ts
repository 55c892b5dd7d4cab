import { enteredMail, insteadMail, listMail, policyMail } from '../fail-over/mails.ts'
import { USUAL } from '../fail-over/policy.ts'
import { deletionMail, keptMail } from '../accounts/mails.ts'
import { breakGlassMail } from '../break-glass/mail.ts'
import {
  arrivedMail,
  askedMail,
  changedMail,
  codeMail,
  linkMail,
  takenMail,
  undoneMail,
} from '../email-change/mails.ts'
import { knownMail, linkedMail, unlinkedMail } from '../federation/mails.ts'
import { impersonationMail } from '../impersonation/mail.ts'
import { methodMail } from '../passkeys/mails.ts'
import { rescueMail, rescueNewsMail } from '../rescue/mails.ts'
import { firstAdministratorMail, invitationMail, newDeviceMail, signInMail } from './index.ts'
import type { Letter, Mail } from './mail.ts'

/** One of each mail. `text` stands wherever somebody else's text can stand, `url` for every address. */
export function mailGallery(letter: Letter, options: { text?: string; url?: string } = {}): Record<string, Mail> {
  const text = (usual: string) => options.text ?? usual
  const url = (path: string) => options.url ?? `https://id.acme.test${path}`
  const now = new Date('2026-11-21T10:42:00Z')
  const after = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
  const email = text('ana@acme.test')
  const next = text('ana.perez@new.acme.test')
  const pagesUrl = url('')
  const signIn = {
    code: '482913',
    linkUrl: url('/sign-in/link/abc'),
    requestedAt: now,
    expiresAt: after(5),
    device: text('Chrome on Windows'),
  }
  const device = text('Firefox on Linux')
  const invited = { organization: text('Acme Labs'), linkUrl: url('/invitation/abc'), expiresAt: after(10_080) }
  const where = { email, at: now, device, address: text('198.51.100.7'), pagesUrl }
  const provider = text('Acme ID')
  const asked = { device, requestedAt: now, signInUrl: url('/sign-in') }
  const policyNews = {
    organization: text('Acme Labs'),
    policy: {
      ...USUAL,
      ...{ provider_id: 'prv_1', ordinary: ['provider' as const] },
      fail_over: { ways: ['passkey' as const], seen_within_days: 30, session_minutes: 480, unknown_opens: false },
    },
    reason: text('Ticket 4711'),
  }
  const rescueNews = {
    organization: text('Acme Labs'),
    person: email,
    by: text('Ben Okafor'),
    reason: text('Ticket 4711'),
    ...{ handOver: 'voice' as const, at: now, address: null, accountUrl: url('/account') },
  }
  return {
    'sign-in': signInMail(letter, signIn),
    'sign-in-joining': signInMail(letter, { ...signIn, joins: provider }),
    'identity-linked': linkedMail(letter, { email, provider, pagesUrl }),
    'identity-known': knownMail(letter, { email, provider, pagesUrl }),
    'identity-unlinked': unlinkedMail(letter, { email, provider, pagesUrl }),
    'sign-in-link-only': signInMail(letter, { ...signIn, code: null }),
    'new-device': newDeviceMail(letter, {
      email,
      device,
      address: text('198.51.100.7'),
      signedInAt: now,
      accountUrl: url('/account'),
    }),
    'first-administrator': firstAdministratorMail(letter, {
      email,
      environment: text('production'),
      device,
      enrolledAt: now,
      consoleUrl: url('/console'),
    }),
    invitation: invitationMail(letter, { ...invited, inviter: text('Ana Pérez') }),
    'invitation-without-name': invitationMail(letter, { ...invited, organization: text('Globex'), inviter: null }),
    'email-code': codeMail(letter, { code: '482913', email: next, expiresAt: after(10) }),
    'email-link': linkMail(letter, { email: next, url: url('/email-change/abc'), expiresAt: after(1440) }),
    'email-taken': takenMail(letter, { email: next, pagesUrl }),
    'email-asked': askedMail(letter, { email, url: url('/email-change/undo/abc') }),
    'email-changed': changedMail(letter, { old: email, url: url('/email-change/undo/abc'), until: after(10_080) }),
    'email-arrived': arrivedMail(letter, { email: next, pagesUrl }),
    'email-undone': undoneMail(letter, { email, pagesUrl }),
    'account-deleting': deletionMail(letter, { email, deletesAt: after(20_160), pagesUrl }),
    'account-kept': keptMail(letter, { email, pagesUrl }),
    impersonation: impersonationMail(letter, {
      email,
      staff: text('Ben Okafor'),
      reason: text('Ticket 4711'),
      startedAt: now,
      endsAt: after(15),
      accountUrl: url('/account'),
    }),
    'passkey-added': methodMail(letter, { kind: 'added', passkey: text('Ana’s phone'), isDormant: true }, where),
    'passkey-removed': methodMail(letter, { kind: 'removed', passkey: text('Ana’s phone') }, where),
    'passkey-copied': methodMail(letter, { kind: 'copied', passkey: text('Ana’s phone') }, where),
    'recovery-codes-made': methodMail(letter, { kind: 'made' }, where),
    'recovery-codes-used': methodMail(letter, { kind: 'used', left: 7 }, where),
    'recovery-codes-shown': methodMail(letter, { kind: 'shown', left: 7 }, where),
    'fail-over-provider': insteadMail(letter, { kind: 'provider', provider }, asked),
    'fail-over-other': insteadMail(letter, { kind: 'other', ways: ['passkey'] }, asked),
    'fail-over-wait': insteadMail(letter, { kind: 'wait', provider }, asked),
    'fail-over-down': insteadMail(letter, { kind: 'down', provider }, asked),
    'fail-over-sign-in': enteredMail(letter, {
      ...{ email, provider, device, at: now },
      address: text('198.51.100.7'),
      accountUrl: url('/account'),
    }),
    'fail-over-list': listMail(letter, {
      organization: text('Acme Labs'),
      provider,
      signIns: [
        { email, method: 'passkey', at: now },
        { email: next, method: 'code', at: after(3) },
      ],
      more: 12,
      membersUrl: url('/account/organizations/org_1'),
    }),
    'policy-changed': policyMail(letter, { kind: 'changed' }, policyNews),
    'policy-waiting': policyMail(letter, { kind: 'waiting', takesEffectAt: after(1440) }, policyNews),
    'policy-applied': policyMail(letter, { kind: 'applied' }, policyNews),
    'policy-withdrawn': policyMail(letter, { kind: 'withdrawn' }, policyNews),
    rescue: rescueMail(letter, {
      organization: text('Acme Labs'),
      code: '7Q4K-2MXB-9D8H-TR3F',
      url: url('/sign-in/rescue'),
      expiresAt: after(30),
    }),
    'rescue-issued': rescueNewsMail(letter, { ...rescueNews, kind: 'issued' }),
    'rescue-used': rescueNewsMail(letter, { ...rescueNews, kind: 'used', address: text('198.51.100.7') }),
    'break-glass': breakGlassMail(letter, {
      email,
      at: now,
      left: 7,
      address: text('198.51.100.7'),
      consoleUrl: url('/console'),
    }),
  }
}
