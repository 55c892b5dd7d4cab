import { type Call, OUTAGE_RETRY_SECONDS, type Problem } from '../../../platform/http/index.ts'
import {
  crossSitePage,
  enrolSpentPage,
  forbiddenPage,
  notFoundPage,
  type Page,
  refusalPage,
  returnToRefusedPage,
  type TooManyProps,
  tooManyPage,
  type UnavailableProps,
  unavailablePage,
} from '../pages/index.ts'
import { blockedPage, gonePage, movedPage } from '../accounts/pages/closed-pages.ts'
import type { Parts } from '../parts.ts'
import { toldIn } from '../words/sentences.ts'
import { pathOf, pathToShow, textsOf } from './again.ts'
import { formTo, pageOf } from './page-of.ts'

/** Every refusal of a page route, for people. */
export function renderProblem(parts: Parts, said: Problem, call: Call): string {
  const page = pageOf(parts, call)
  const render = pages[said.code]
  if (render) return render(page, { said, call, parts })
  const { code, incident } = said
  return refusalPage(page, {
    ...toldIn(page.words.sentences, said),
    code: typeof incident === 'string' ? incident : code,
    action: { label: page.words.refusals.toSignIn, path: '/sign-in' },
  })
}

interface Seen {
  said: Problem
  call: Call
  parts: Parts
}

const pages: Record<string, (page: Page, seen: Seen) => string> = {
  'platform.database_unavailable': (_page, { call, parts }) => outagePage(parts, call),
  'request.not_found': (page) => notFoundPage({ ...page, path: null }),
  'request.cross_site': (page, { call, said }) => crossSitePage(page, { path: pathToShow(call), code: said.code }),
  'identity.slow_down': tooMany,
  'identity.bad_return_to': (page, { said }) =>
    returnToRefusedPage(page, { target: typeof said.origin === 'string' ? said.origin : null, code: said.code }),
  'identity.not_administrator': (page, { said }) => forbiddenPage(page, { code: said.code }),
  'identity.enrolment_spent': enrolSpentPage,
  'identity.blocked': blockedPage,
  'identity.address_moved': movedPage,
  'identity.gone': gonePage,
  'identity.no_development_mail': notFoundPage,
}

function tooMany(page: Page, { said, call }: Seen): string {
  const retryAt = new Date(page.now.getTime() + Number(said.retry_after_s ?? 1) * 1000)
  const what = said.what as TooManyProps['what']
  return tooManyPage(page, { what, retryAt, againPath: pathToShow(call), code: said.code })
}

/** Says what is wrong and since when, and tries again by itself with what was typed. */
export function outagePage(parts: Parts, call: Call): string {
  const health = parts.database.health()
  return unavailablePage(pageOf(parts, call), {
    task: taskOf(call.path),
    cause: 'database',
    since: health.state === 'ok' ? null : health.since,
    retrySeconds: OUTAGE_RETRY_SECONDS,
    retry:
      call.method === 'POST'
        ? { form: formTo(call.path, textsOf(call.body)), path: pathToShow(call) }
        : { path: pathOf(call) },
  })
}

function taskOf(path: string): UnavailableProps['task'] {
  if (path.startsWith('/account')) return 'account'
  if (path.startsWith('/sign-out')) return 'sign_out'
  return path.startsWith('/enrol') ? 'enrol' : 'sign_in'
}
