import { emailCodePage, emailPage, linkDonePage, linkPage, linkSpentPage } from '../../email-change/pages.ts'
import { endedPage, type EndShown } from '../../ended/ended-page.ts'
import type { Page } from '../../pages/index.ts'
import type { PersonExport } from '../export-person.ts'
import { blockedPage, gonePage, movedPage } from './closed-pages.ts'
import { deletePage, deletionBegunPage, keepPage } from './delete-page.ts'
import { exportAskPage, exportPage } from './export-page.ts'

type Text = (usual: string) => string

/** What becomes of an account, as the gallery shows it; `text` stands in for whatever people wrote. */
export function accountLifeGallery(page: Page, text: Text): Record<string, string> {
  const form = (path: string) => ({ path })
  const email = text('ana@acme.test')
  const deletesAt = new Date(page.now.getTime() + 14 * 24 * 3_600_000)
  const asked = { form: form('/account/delete'), email, deletesAt }
  return {
    'account-delete': deletePage(page, asked),
    'account-delete-wrong': deletePage(page, { ...asked, typed: text('anna@acme.test'), error: 'not-typed' }),
    'account-delete-last': deletePage(page, { ...asked, typed: email, error: 'last-administrator' }),
    'account-deleted': deletionBegunPage(page, { deletesAt }),
    'account-keep': keepPage(page, { ...asked, form: form('/sign-in/keep') }),
    'account-blocked': blockedPage(page),
    'account-moved': movedPage(page),
    'account-gone': gonePage(page),
    'account-export': exportAskPage(page),
    'account-export-page': exportPage(page, heldOf(page, text)),
    'account-ended': endedPage(page, endsOf(page, text)),
    'account-ended-empty': endedPage(page, { ends: [], live: [], unknownLately: 0, olderPath: null }),
    ...emailGallery(page, text),
  }
}

function emailGallery(page: Page, text: Text): Record<string, string> {
  const form = (path: string) => ({ path })
  const email = text('ana@acme.test')
  const next = text('ana.perez@new.acme.test')
  const change = { form: form('/account/email'), email }
  const code = {
    form: form('/account/email/code'),
    email: next,
    expiresAt: new Date(page.now.getTime() + 10 * 60_000),
  }
  return {
    'account-email': emailPage(page, change),
    'account-email-same': emailPage(page, { ...change, typed: email, error: 'same' }),
    'account-email-changed': emailPage(page, { ...change, isChanged: true }),
    'account-email-code': emailCodePage(page, code),
    'account-email-wrong': emailCodePage(page, { ...code, error: 'wrong', attemptsLeft: 2 }),
    'account-email-spent': emailCodePage(page, { ...code, error: 'spent' }),
    'email-change': linkPage(page, { purpose: 'prove', form: form('/email-change/abc'), email: next }),
    'email-change-done': linkDonePage(page, { purpose: 'prove', email: next }),
    'email-undo': linkPage(page, { purpose: 'undo', form: form('/email-change/undo/abc'), email }),
    'email-undo-done': linkDonePage(page, { purpose: 'undo', email }),
    'email-change-spent': linkSpentPage(page),
  }
}

function endsOf(page: Page, text: Text) {
  const before = (minutes: number) => new Date(page.now.getTime() - minutes * 60_000)
  const end = (more: Partial<EndShown>): EndShown => ({
    device: text('Chrome on Windows'),
    application: text('Acme Notes'),
    beganAt: before(9000),
    endedAt: before(55),
    reason: 'revoked',
    by: { kind: 'staff' },
    isUsual: true,
    unknownAnswers: 0,
    ...more,
  })
  return {
    ends: [
      end({ isUsual: false, unknownAnswers: 3 }),
      end({
        reason: 'signed_out_elsewhere',
        endedAt: before(300),
        by: { kind: 'person', device: text('Safari on iPhone') },
      }),
      end({ reason: 'idle', application: null, endedAt: before(20_000), by: { kind: 'unused', days: 14 } }),
      end({ reason: 'expired', endedAt: before(80_000), by: { kind: 'holdfast' } }),
    ],
    live: [{ device: text('Firefox on Linux'), beganAt: before(500) }],
    unknownLately: 1,
    olderPath: '/account/ended?before=abc',
  }
}

function heldOf(page: Page, text: Text): PersonExport {
  const at = (minutes: number) => new Date(page.now.getTime() - minutes * 60_000).toISOString()
  return {
    made_at: page.now.toISOString(),
    user_id: 'usr_01kakmzvz7e8gbkwnbe3r0s6jd',
    incomplete: ['audit'],
    sections: {
      profile: {
        id: 'usr_01kakmzvz7e8gbkwnbe3r0s6jd',
        email: text('ana@acme.test'),
        name: text('Ana Pérez'),
        picture_url: null,
        locale: 'de-AT',
        time_zone: 'Europe/Vienna',
        created_at: at(90_000),
        state: 'active',
      },
      metadata_public: { 'Plan-ID': text('7'), Team: { Ort: text('Wien'), Raum: 12 } },
      metadata_private: {},
      known_browsers: [],
      sessions: [
        {
          id: 'ses_01kakn2k1be5mbaq9b1rkk2dfy',
          audience: 'app_01kakmzvz7e8gbkwnbe3r0s6jd',
          device: { person: text('Chrome, Windows'), address: '2001:db8:85a3::8a2e:370:7334' },
          roles: ['owner', 'billing'],
          created_at: at(9000),
          ended_at: at(55),
          end_reason: 'revoked',
        },
        { id: 'ses_01kakn2k1be5mbaq9b1rkk2dfz', device: { person: text('Firefox, Linux') }, created_at: at(4) },
      ],
      audit: [{ id: 'aud_01kakn2k1be5mbaq9b1rkk2dfy', at: at(4), action: 'session.issued', actor: { kind: 'user' } }],
    },
  }
}
