import { breakGlassDonePage, breakGlassPage } from '../break-glass/page.ts'
import { type Page, signInPage } from '../pages/index.ts'
import { rescuedPage, rescuePage } from '../rescue/page.ts'
import { impersonatePage, impersonationEndedPage, impersonationOverPage } from './pages.ts'

/** Pages of those who run the installation, as the gallery shows them: support in somebody's name, printed codes. */
export function staffGallery(page: Page, text: (usual: string) => string): Record<string, string> {
  const form = (path: string) => ({ path })
  const email = text('ana@acme.test')
  const printed = { form: form('/sign-in/break-glass'), email }
  return {
    impersonate: impersonatePage(page, {
      staff: text('Ben Okafor'),
      person: email,
      reason: text('Ticket 4711: Export'),
      minutes: 15,
      form: form('/impersonate/abc'),
    }),
    'impersonate-over': impersonationOverPage(page),
    'impersonate-ended': impersonationEndedPage(page),
    'sign-in-console': signInPage(page, { form: form('/sign-in'), breakGlassPath: '/sign-in/break-glass' }),
    'break-glass': breakGlassPage(page, { form: form('/sign-in/break-glass') }),
    'break-glass-wrong': breakGlassPage(page, { ...printed, error: 'wrong' }),
    'break-glass-away': breakGlassPage(page, {
      form: printed.form,
      emailError: 'missing',
      notice: { state: 'unknown', text: page.words.unavailable.cause.database(null) },
    }),
    'break-glass-done': breakGlassDonePage(page, { email, left: 2, consolePath: '/console' }),
    rescue: rescuePage(page, { form: form('/sign-in/rescue') }),
    'rescue-wrong': rescuePage(page, { form: form('/sign-in/rescue'), email, error: 'wrong' }),
    'rescue-done': rescuedPage(page, {
      organization: text('Acme Labs'),
      until: new Date(page.now.getTime() + 3_600_000),
      path: '/account',
    }),
  }
}
