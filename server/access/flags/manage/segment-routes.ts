import { byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { type Call, json, on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import type { Changed } from '../changing/change-flags.ts'
import { findEntry } from '../reading/queries.ts'
import { changedAnswer } from './flag-routes.ts'
import { findSegment, listSegments } from './list-flags.ts'
import type { Management } from './management.ts'
import { assertAddressable, readNumber } from './read-asked.ts'
import * as shapes from './shapes.ts'
import { labelsOfEntries, segmentDetail } from './told.ts'

const tag = 'flags'
const kind = 'evaluator'
const answers = { 200: shapes.SegmentChanged, 400: ProblemShape, 404: ProblemShape, 409: ProblemShape }
const gone = { 200: shapes.Changed, 404: ProblemShape, 409: ProblemShape }
const USED = 'One that flags still ask is refused.'

/** Segments: rules with a name, which flags ask by `$ref`. */
export function segmentRoutes(parts: Management): Route[] {
  const { staff, flags } = parts
  const read = { tag, guard: staff('flags:read') }
  const write = { tag, guard: staff('flags:write'), isIdempotent: true as const, answers }
  const one = { params: shapes.FlagOf }
  const { verbs } = flags
  const once = onceOver(parts)
  const bare = (call: Call, work: (tx: Queries) => Promise<Changed>) =>
    flags.once(call, async (tx) => json(200, changedAnswer(await work(tx))))
  return [
    on(
      'GET /v1/flags/segments',
      { ...read, summary: 'Segments', query: shapes.ListAsked, answers: { 200: shapes.SegmentList } },
      async (call) => json(200, await listSegments(parts, call.query)),
    ),
    on(
      'POST /v1/flags/segments',
      {
        ...write,
        summary: 'Make a segment',
        body: shapes.MakeSegment,
        answers: { 201: shapes.SegmentChanged, 400: ProblemShape, 409: ProblemShape },
      },
      (call) => {
        assertAddressable(call.body.key)
        return once(call, call.body.key, (tx) => verbs.make(tx, byCaller(call), { kind, ...call.body }), 201)
      },
    ),
    on(
      'GET /v1/flags/segments/{key}',
      { ...read, ...one, summary: 'One segment', answers: { 200: shapes.SegmentDetail, 404: ProblemShape } },
      async (call) => json(200, await findSegment(parts, call.params.key)),
    ),
    on(
      'PATCH /v1/flags/segments/{key}',
      { ...write, ...one, summary: 'Change a segment, and with it every flag that asks it', body: shapes.EditSegment },
      (call) => {
        const { made_on: madeOn, ...edit } = call.body
        const { key } = call.params
        return once(call, key, (tx) =>
          verbs.edit(tx, byCaller(call), { kind, key, made_on: readNumber(madeOn), ...edit }),
        )
      },
    ),
    on(
      'POST /v1/flags/segments/{key}/archive',
      { ...write, ...one, summary: 'Archive a segment', description: USED, body: shapes.Why, answers: gone },
      (call) => bare(call, (tx) => verbs.archive(tx, byCaller(call), { kind, keys: [call.params.key], ...call.body })),
    ),
    on(
      'POST /v1/flags/segments/{key}/bring-back',
      { ...write, ...one, summary: 'Bring back a segment', body: shapes.Why },
      (call) =>
        once(call, call.params.key, (tx) =>
          verbs.bringBack(tx, byCaller(call), { kind, ...call.params, ...call.body }),
        ),
    ),
    on(
      'DELETE /v1/flags/segments/{key}',
      { ...write, ...one, summary: 'Delete a segment', description: USED, answers: gone },
      (call) => bare(call, (tx) => verbs.remove(tx, byCaller(call), { kind, keys: [call.params.key] })),
    ),
  ]
}

function onceOver({ flags, labelsOf }: Management) {
  return (call: Call, key: string, work: (tx: Queries) => Promise<Changed>, status = 200) =>
    flags.once(call, async (tx) => {
      const changed = await work(tx)
      const entry = (await findEntry(tx, kind, key))!
      const segment = segmentDetail(entry, await labelsOfEntries(labelsOf, [entry]))
      return json(status, { ...changedAnswer(changed), segment })
    })
}
