import { SNAPSHOT_CONTENT_TYPE } from '../../../sdk/flags/snapshot.ts'
import type { ApplicationDirectory } from '../../ground/applications/index.ts'
import { callers } from '../../ground/documentation/index.ts'
import {
  type Answer,
  bytes,
  type Call,
  empty,
  type Guard,
  json,
  on,
  ProblemShape,
  type Route,
} from '../../platform/http/index.ts'
import type { Fleet } from './fleet/fleet.ts'
import type { Current } from './following/served.ts'
import { refuse } from './refusals.ts'
import { FlagReport, FleetShape, SnapshotText } from './shapes.ts'

export interface FlagRoutesOptions {
  current(): Current | undefined
  fleet: Fleet
  applications: Pick<ApplicationDirectory, 'authenticate'>
  /** Staff, or a machine token, that may see flags. */
  mayRead: Guard
}

const RETRY_S = 2
const APPLICATION_KEY = /^Bearer hf_[a-z0-9-]+_app_/i
const FETCHED =
  'With `ETag` and 304; gzip where it is taken. In an outage the last good one, of memory or disk; 503 when there is none, and never an empty one.'
const REPORTED =
  'Once a minute. What is told here is the fleet that staff see; an answer that was a default is told as a signal.'

export function flagRoutes({ current, fleet, applications, mayRead }: FlagRoutesOptions): Route[] {
  const tag = 'flags'
  const { security } = callers.application
  return [
    on(
      'GET /v1/flags/snapshot',
      {
        tag,
        summary: 'All flags, signed and numbered',
        description: FETCHED,
        security: callers.applicationOrStaff('flags:read').security,
        answers: { 200: SnapshotText, 304: null, 401: ProblemShape, 503: ProblemShape },
        mediaType: SNAPSHOT_CONTENT_TYPE,
      },
      async (call) => {
        if (APPLICATION_KEY.test(call.headers.authorization ?? ''))
          applications.authenticate(call.headers.authorization)
        else await mayRead(call)
        const found = current()
        if (!found) throw refuse('none_yet', { retry_after_s: RETRY_S })
        return snapshotAnswer(found, call)
      },
    ),
    on(
      'POST /v1/flags/reports',
      {
        tag,
        summary: 'Tell which flags a process answers by',
        description: REPORTED,
        security,
        body: FlagReport,
        answers: { 204: null, 400: ProblemShape, 401: ProblemShape, 429: ProblemShape },
      },
      async (call) => {
        const { id } = applications.authenticate(call.headers.authorization)
        const { fallbacks = {}, faults = [], key_list_number = null, holds, ...report } = call.body
        await fleet.take(id, { ...report, fallbacks, faults, key_list_number }, holds)
        return empty(204)
      },
    ),
    on(
      'GET /v1/flags/fleet',
      { tag, summary: 'Who answers by which number', guard: mayRead, answers: { 200: FleetShape } },
      async () => {
        const found = current()
        return json(200, { epoch: found?.epoch ?? null, seq: found?.seq ?? null, data: await fleet.list() })
      },
    ),
  ]
}

/** Two encodings are two things to a cache, so each has its own tag; either is known again. */
function snapshotAnswer({ digest, text, gzip, ageMs }: Current, { headers }: Call): Answer {
  const isPacked = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(headers['accept-encoding'] ?? '')
  const tags = { plain: `"${digest}"`, packed: `"${digest}.gzip"` }
  const etag = isPacked ? tags.packed : tags.plain
  const age = ageMs()
  const said = {
    ...{ etag, vary: 'accept-encoding', 'cache-control': 'private, no-cache' },
    ...(age !== null && { 'holdfast-flags-age': String(Math.round(age)) }),
  }
  const known = (headers['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''))
  if (known.some((each) => each === tags.plain || each === tags.packed)) return empty(304, { headers: said })
  const content = isPacked ? gzip : Buffer.from(text)
  return bytes(200, SNAPSHOT_CONTENT_TYPE, content, {
    headers: { ...said, ...(isPacked && { 'content-encoding': 'gzip' }) },
  })
}
