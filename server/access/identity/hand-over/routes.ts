import { callers } from '../../../ground/documentation/index.ts'
import { on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import type { Parts } from '../parts.ts'
import { ShowingBegun } from '../passkeys/shapes.ts'
import { CodeQuery, showArrived } from './arrive.ts'
import { ARRIVED_PATH, AWAY_PATH, FOR_PATH } from './hand-over.ts'
import { AwayForm, postAway } from './leave.ts'
import { AskQuery, showAsk } from './vouching/ask.ts'
import { showVouched } from './vouching/begin.ts'
import { showVouch } from './vouching/vouch.ts'
import { ASK_PATH, VOUCH_PATH, VOUCHED_PATH } from './vouching/vouching.ts'
import { beginFor, HandOverId, postShown, showClaim, showHandOver, ShownFor, StateQuery } from './show.ts'

const frame = { tag: 'pages', kind: 'page' } as const

/** The way of an app's people to their passkey and back: left from the app's origin, shown at ours, arrived at the app's. */
export const handOverRoutes = (parts: Parts): Route[] => [...signIn(parts), ...enrolment(parts)]

const signIn = (parts: Parts): Route[] => [
  on(`POST ${AWAY_PATH}`, { ...frame, summary: 'Leave an app for one’s passkey', body: AwayForm }, (call) =>
    postAway(parts, call),
  ),
  on(`GET ${FOR_PATH}`, { ...frame, summary: 'Come from an app for one’s passkey', query: StateQuery }, (call) =>
    showClaim(parts, call),
  ),
  on(`GET ${FOR_PATH}/{id}`, { ...frame, summary: 'Show a passkey for an app', params: HandOverId }, (call) =>
    showHandOver(parts, call),
  ),
  on(
    `POST ${FOR_PATH}/{id}`,
    { ...frame, summary: 'Go back to the app with what was signed', params: HandOverId, body: ShownFor },
    (call) => postShown(parts, call),
  ),
  on(`GET ${ARRIVED_PATH}`, { ...frame, summary: 'Begin the session at the app', query: CodeQuery }, (call) =>
    showArrived(parts, call),
  ),
  on(
    `POST /v1${FOR_PATH}/{id}`,
    {
      tag: 'sign-in',
      summary: 'Begin a ceremony for an app on another origin',
      description:
        'What the page asks to which an app’s “Sign in with a passkey” leads. On HOLDFAST_URL, in the browser that came there from the app; it begins no session there.',
      security: callers.sameBrowser.security,
      params: HandOverId,
      answers: { 200: ShowingBegun, 400: ProblemShape, 410: ProblemShape, 429: ProblemShape },
    },
    (call) => beginFor(parts, call),
  ),
]

/** The other way round, to enrol one: our origin asks the app's who is signed in there. */
const enrolment = (parts: Parts): Route[] => [
  on(
    `GET ${ASK_PATH}`,
    { ...frame, summary: 'Ask an app who it is, for a passkey of theirs', query: AskQuery },
    (call) => showAsk(parts, call),
  ),
  on(`GET ${VOUCH_PATH}`, { ...frame, summary: 'Say at the app who it is', query: StateQuery }, (call) =>
    showVouch(parts, call),
  ),
  on(`GET ${VOUCHED_PATH}`, { ...frame, summary: 'Come with it to the offer of a passkey', query: CodeQuery }, (call) =>
    showVouched(parts, call),
  ),
]
