import { signInMail } from '../mails/index.ts'
import {
  accountPage,
  codePage,
  linkElsewherePage,
  type Page,
  signInPage,
  signOutPage,
  unavailablePage,
} from '../pages/index.ts'
import { wordsFor } from '../words/words.ts'
import { lookOf } from './look.ts'
import type { Preview, PreviewPage } from './previews.ts'

const EMAIL = 'ana@acme.example'
const HOST = 'app.acme.example'
const MINUTE_MS = 60_000
const form = { path: '/' }

/** The page as people will see it, made by the same functions, with a person who does not exist. */
export function previewPage(preview: Preview, filesPath: string, now: Date): string {
  const page: Page = {
    words: wordsFor(preview.language),
    brand: lookOf(
      preview.brand,
      preview.name,
      (file) => `${filesPath}/${file === 'style' ? 'brand.css' : 'brand.svg'}`,
    ),
    link: (path) => path,
    path: '/',
    isInert: true,
    now,
  }
  return views[preview.page](page)
}

const before = (page: Page, minutes: number) => new Date(page.now.getTime() - minutes * MINUTE_MS)

const views: Record<PreviewPage, (page: Page) => string> = {
  'sign-in': (page) => signInPage(page, { form, email: EMAIL }),
  code: (page) =>
    codePage(page, {
      email: EMAIL,
      form,
      resend: { ...form, from: null },
      anotherPath: '/',
      expiresAt: before(page, -5),
      error: 'wrong',
      attemptsLeft: 4,
    }),
  link: (page) =>
    linkElsewherePage(page, {
      code: '482913',
      device: 'Firefox on Linux',
      startedAt: before(page, 1),
      expiresAt: before(page, -4),
      host: HOST,
    }),
  account: accountPreview,
  'sign-out': (page) => signOutPage(page, { form, email: EMAIL, stayUrl: '/' }),
  unavailable: (page) =>
    unavailablePage(page, {
      task: 'sign_in',
      cause: 'database',
      since: before(page, 3),
      retrySeconds: 2,
      retry: { form, path: '/' },
    }),
  mail: ({ words, brand, now }) =>
    signInMail(
      { words, brand },
      {
        code: '482913',
        linkUrl: `https://${HOST}/auth/sign-in/link/…`,
        requestedAt: now,
        expiresAt: new Date(now.getTime() + 5 * MINUTE_MS),
        device: 'Firefox on Linux',
      },
    ).html,
}

function accountPreview(page: Page): string {
  const session = { address: '192.0.2.7', application: page.brand.name, endForm: form }
  return accountPage(page, {
    email: EMAIL,
    profile: { form, values: { name: 'Ana Pérez', picture_url: null, locale: null, time_zone: null } },
    sessions: [
      {
        ...session,
        id: '1',
        device: 'Firefox on Linux',
        signedInAt: before(page, 4),
        lastSeenAt: page.now,
        isCurrent: true,
      },
      {
        ...session,
        id: '2',
        device: 'Safari on iPhone',
        signedInAt: before(page, 4000),
        lastSeenAt: before(page, 130),
        isCurrent: false,
      },
    ],
    ended: [],
    endAllForm: form,
    signOutForm: form,
    backUrl: `https://${HOST}/`,
  })
}
