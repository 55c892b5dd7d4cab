import type { BrowserRequest } from './browser-request.ts'
import { type Problem, type Reason, reasons, type UnknownReason } from './contract.ts'
import { type Page, renderPage } from './page.ts'

/** The self-retrying page comes back this often; access is looked for every second meanwhile. */
export const RETRY_PAGE_S = 3

/** A browser that shows a page, and not a script or a picture. */
export const wantsPage = (request: Pick<BrowserRequest, 'header'>) =>
  (request.header('accept') ?? '').includes('text/html')

/** A refusal for programs (RFC 9457). */
export function renderProblem(
  status: number,
  code: string,
  detail: string,
  more: Record<string, unknown> & { headers?: Record<string, string> } = {},
): Response {
  const { headers, ...extensions } = more
  const problem: Problem = {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    code,
    detail,
    ...extensions,
  }
  return new Response(JSON.stringify(problem), {
    status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  })
}

const TITLES: Record<number, string> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  413: 'Content Too Large',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
}

/** Access does not answer: says so, since when, and that nobody is signed out; a page tries again by itself. */
export function renderAway(request: BrowserRequest, sinceMs: number | null): Response {
  const since = sinceMs === null ? null : new Date(sinceMs).toISOString()
  if (wantsPage(request)) {
    const known = since === null ? 'It did not answer just now.' : `It has not answered since ${clockTime(since)}.`
    return renderPage(503, {
      title: 'Sign-in is not answering',
      isUnknown: true,
      paragraphs: [
        known,
        ...(request.method === 'POST' ? ['What you sent may not have arrived. It can be sent again.'] : []),
        'Everybody who is signed in stays signed in and can go on working.',
        `This page tries again by itself every ${RETRY_PAGE_S} seconds.`,
      ],
      retryAfterS: RETRY_PAGE_S,
    })
  }
  return renderProblem(
    503,
    'access.unreachable',
    'Sign-in is not answering. Nobody is signed out by this. Try again.',
    {
      verdict: 'unknown',
      reason: 'access_unreachable' satisfies UnknownReason,
      since,
      retry_after_s: RETRY_PAGE_S,
      headers: { 'retry-after': String(RETRY_PAGE_S) },
    },
  )
}

/** Nothing can be said about this browser's session: the app's page waits, and its cookies stay. */
export function renderUnknown(request: BrowserRequest, reason: UnknownReason, sinceMs: number | null): Response {
  const detail = WHY_UNKNOWN[reason] ?? WHY_UNKNOWN.access_unreachable
  const since = sinceMs === null ? null : new Date(sinceMs).toISOString()
  if (wantsPage(request)) {
    const page: Page = {
      title: 'Your session cannot be checked right now',
      isUnknown: true,
      paragraphs: [
        since !== null && reason === 'access_unreachable' ? `${detail} That is so since ${clockTime(since)}.` : detail,
        'You have not been signed out.',
        `This page tries again by itself every ${RETRY_PAGE_S} seconds.`,
      ],
      retryAfterS: RETRY_PAGE_S,
    }
    return renderPage(503, page)
  }
  return renderProblem(503, 'session.unknown', `${detail} Nobody is signed out by this. Try again.`, {
    verdict: 'unknown',
    reason,
    since,
    retry_after_s: RETRY_PAGE_S,
    headers: { 'retry-after': String(RETRY_PAGE_S) },
  })
}

/** Nobody is signed in here: a page is sent to sign in and back, a program gets the reason. */
export function renderInvalid(request: BrowserRequest, reason: Reason, signInPath: string): Response {
  const detail = reasons[reason] ?? 'This session has ended.'
  if (wantsPage(request)) return toSignIn(request, signInPath, detail)
  return renderProblem(401, `session.${reason}`, `${detail} Sign in at ${signInPath.split('?')[0]}.`, {
    verdict: 'invalid',
    reason,
    sign_in: signInPath,
  })
}

/** Signed in, but too long ago for this route. */
export function renderSignInAgain(request: BrowserRequest, signInPath: string): Response {
  const detail = 'This needs a recent sign-in.'
  if (wantsPage(request)) return toSignIn(request, signInPath, detail)
  return renderProblem(401, 'session.fresh_sign_in_needed', `${detail} Sign in once more.`, {
    verdict: 'valid',
    sign_in: signInPath,
  })
}

/** What was posted cannot be carried through a sign-in; that is said rather than lost without a word. */
function toSignIn({ method }: BrowserRequest, signInPath: string, detail: string): Response {
  if (method === 'GET' || method === 'HEAD') {
    return new Response(null, { status: 303, headers: { location: signInPath, 'cache-control': 'no-store' } })
  }
  return renderPage(401, {
    title: 'Sign in to go on',
    paragraphs: [detail, 'What you sent was not carried out. Go back to keep a copy of it.'],
    action: { label: 'Sign in', href: signInPath },
  })
}

const WHY_UNKNOWN: Record<UnknownReason, string> = {
  database_unavailable: 'The database behind sign-in is not answering.',
  access_unreachable: 'Sign-in is not answering.',
  no_keys: 'This app has not been able to reach sign-in since it was set up.',
  too_old: 'This page needs newer knowledge of your session than there is at this moment.',
  overloaded: 'Sign-in has more to do than it can at this moment.',
}

/** The server does not know the reader's zone, so it names the one it speaks in. */
const clockTime = (iso: string) => `${iso.slice(11, 19)} UTC`
