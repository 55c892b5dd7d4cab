import assert from 'node:assert/strict'
import { type Reason, reasons } from '../../../sdk/contract.ts'
import type { ListedRefusal } from '../../platform/refusal.ts'

/** A refusal as the documentation tells it: what it means, and what the one who is refused does about it. */
export interface ListedProblem extends ListedRefusal {
  remedy: string
}
export interface ProblemGroup {
  /** What stands before the dot of a code. */
  feature: string
  title: string
  problems: readonly ListedProblem[]
}

const titles: Record<string, string> = {
  request: 'Any request',
  platform: 'Any request, through no fault of its own',
  identity: 'Sign-in, accounts and users',
  sessions: 'Sessions',
  applications: 'Applications and forwarded requests',
}

/** What a program does on a status, where the sentence itself does not say it. */
const remedies: Record<number, string> = {
  400: 'Put right what the sentence names; the same again will be refused again.',
  401: 'Show the right credential; for a person, that is to sign in.',
  403: 'Do not try again as this caller.',
  404: 'Check the address and the id.',
  405: 'Use one of the methods in the Allow header.',
  408: 'Send it again.',
  409: 'Read what is there now, then decide.',
  410: 'Begin again: what this was about is over.',
  413: 'Send less.',
  414: 'Send less in the address.',
  415: 'Set the content type.',
  429: 'Wait for the seconds in Retry-After. Nothing is locked.',
  431: 'Send fewer or smaller headers.',
  500: 'Tell the operator the id in “incident”. Take it for unknown, and sign nobody out.',
  503: 'Wait for the seconds in Retry-After and ask again. Take it for unknown, and sign nobody out.',
}

const CLEARED = 'Send the person to sign in. The answer clears the cookies.'
const KEPT = 'Send the person to sign in. The cookies are kept: the browser may hold another session, or a newer one.'
const KEEPS_COOKIES: ReadonlySet<Reason> = new Set(['superseded', 'no_session', 'wrong_audience'])

/** The reasons of an invalid session, each as the code `sessions.<reason>` with which verification is answered. */
export const sessionProblems: readonly ListedProblem[] = [
  ...(Object.keys(reasons) as Reason[]).map((reason) => ({
    code: `sessions.${reason}`,
    status: 401,
    sentence: reasons[reason],
    remedy: KEEPS_COOKIES.has(reason) ? KEPT : CLEARED,
  })),
  {
    code: 'sessions.unknown',
    status: 503,
    sentence: 'Whether this browser is signed in is not known at this moment; nobody is signed out by this.',
    remedy: remedies[503]!,
  },
]

/** All tables as groups, each code once and in a stable order. Two features that claim one code are a bug. */
export function groupProblems(listed: readonly ListedRefusal[]): ProblemGroup[] {
  const twice = [...Map.groupBy(listed, ({ code }) => code)].filter(([, claims]) => claims.length > 1)
  assert.equal(twice.length, 0, `more than one meaning for ${twice.map(([code]) => code).join(', ')}`)
  const complete = listed.map((each) => ({ remedy: remedies[each.status] ?? 'Read the sentence.', ...each }))
  const byFeature = Map.groupBy(complete, ({ code }) => code.slice(0, code.indexOf('.')))
  const order = Object.keys(titles)
  return [...byFeature]
    .map(([feature, problems]) => ({ feature, title: titles[feature] ?? feature, problems: sorted(problems) }))
    .toSorted((one, other) => placeOf(order, one.feature) - placeOf(order, other.feature))
}

const placeOf = (order: readonly string[], feature: string) => order.indexOf(feature) + 1 || order.length + 1
const sorted = (problems: readonly ListedProblem[]) =>
  problems.toSorted((one, other) => one.status - other.status || one.code.localeCompare(other.code))
