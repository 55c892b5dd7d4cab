import type { Static } from 'typebox'
import { sayNumber } from '../../../../sdk/flags/snapshot.ts'
import { byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { type Call, json, on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import type { Changed } from '../changing/change-flags.ts'
import { findEntry } from '../reading/queries.ts'
import { findFlag, listChanges, listFlags } from './list-flags.ts'
import type { Management } from './management.ts'
import { assertFree, readNumber } from './read-asked.ts'
import { rollOutFlag } from './roll-out-flag.ts'
import * as shapes from './shapes.ts'
import { flagDetail, labelsOfEntries } from './told.ts'
import { tryFlag } from './try-flag.ts'

const answers = { 200: shapes.FlagChanged, 400: ProblemShape, 404: ProblemShape, 409: ProblemShape, 503: ProblemShape }
const tag = 'flags'

export const changedAnswer = ({ change_id, number, keys }: Changed) => ({ change_id, number: sayNumber(number), keys })

/** One flag: look at it, change it, roll it out, switch it off. */
export function flagRoutes(parts: Management): Route[] {
  const { verbs } = parts.flags
  const changing = changingOf(parts)
  return [
    ...lookingRoutes(parts),
    on(
      'POST /v1/flags',
      {
        ...changing.options('flags:write', 'Make a flag'),
        body: shapes.MakeFlag,
        answers: { 201: shapes.FlagChanged, 400: ProblemShape, 409: ProblemShape },
      },
      (call) => {
        assertFree(call.body.key)
        return changing.once(
          call,
          call.body.key,
          (tx) => verbs.make(tx, byCaller(call), { kind: 'flag', ...call.body }),
          201,
        )
      },
    ),
    on(
      'PATCH /v1/flags/{key}',
      {
        ...changing.options('flags:write', 'Change a flag'),
        description: 'What is left out stays as it is.',
        params: shapes.FlagOf,
        body: shapes.EditFlag,
      },
      (call) => {
        const { made_on: madeOn, ...edit } = call.body
        const { key } = call.params
        return changing.once(call, key, (tx) =>
          verbs.edit(tx, byCaller(call), { kind: 'flag', key, made_on: readNumber(madeOn), ...edit }),
        )
      },
    ),
    on(
      'POST /v1/flags/{key}/rollout',
      {
        ...changing.options('flags:write', 'Give a variant to so many per cent'),
        description:
          'Whoever has it keeps it while the share grows. Other rules stay as they are; a rule that no form can show is refused, and changed in its JSON.',
        params: shapes.FlagOf,
        body: shapes.RollOut,
      },
      (call) =>
        changing.once(call, call.params.key, (tx) =>
          rollOutFlag(parts, tx, byCaller(call), { ...call.params, ...call.body }),
        ),
    ),
    on(
      'POST /v1/flags/{key}/kill',
      {
        ...changing.options('flags:kill', 'Switch a flag off, or give everybody one variant'),
        description: 'At once, whatever anybody else has changed meanwhile. `undo` takes it back.',
        params: shapes.FlagOf,
        body: shapes.Kill,
      },
      (call) =>
        changing.once(call, call.params.key, (tx) => verbs.kill(tx, byCaller(call), { ...call.params, ...call.body })),
    ),
    ...takingAwayRoutes(parts),
  ]
}

function lookingRoutes(parts: Management): Route[] {
  const read = { tag, guard: parts.staff('flags:read') }
  const one = { ...read, params: shapes.FlagOf }
  return [
    on(
      'GET /v1/flags',
      {
        ...read,
        summary: 'Flags, in the order of their keys',
        query: shapes.ListAsked,
        answers: { 200: shapes.FlagList },
      },
      async (call) => json(200, await listFlags(parts, call.query)),
    ),
    on(
      'POST /v1/flags/try',
      {
        ...read,
        summary: 'What a flag answers for somebody, and why',
        description: 'Also as it was at an instant, or as a draft that is not saved. It changes nothing.',
        body: shapes.Try,
        answers: { 200: shapes.Tried, 400: ProblemShape, 404: ProblemShape },
      },
      async (call) => json(200, await tryFlag(parts, call.body)),
    ),
    on(
      'GET /v1/flags/{key}',
      { ...one, summary: 'One flag', answers: { 200: shapes.FlagDetail, 404: ProblemShape } },
      async (call) => json(200, await findFlag(parts, call.params.key)),
    ),
    on(
      'GET /v1/flags/{key}/history',
      { ...one, summary: 'What was done to a flag', query: shapes.HistoryOfOne, answers: { 200: shapes.ChangeList } },
      async (call) => json(200, await listChanges(parts, { kind: 'flag', ...call.params, ...call.query })),
    ),
  ]
}

function takingAwayRoutes(parts: Management): Route[] {
  const { verbs } = parts.flags
  const changing = changingOf(parts)
  const options = (summary: string) => ({
    ...changing.options('flags:write', summary),
    answers: { 200: shapes.Changed, 404: ProblemShape, 409: ProblemShape },
  })
  const one = { params: shapes.FlagOf, body: shapes.Why }
  const confirmed =
    'More than five, or more than a fifth of all, need `confirm` with their number. A flag that is gone leaves a tombstone, so that every process believes it.'
  return [
    on('POST /v1/flags/{key}/archive', { ...options('Archive a flag: it is delivered no more'), ...one }, (call) =>
      changing.bare(call, (tx) =>
        verbs.archive(tx, byCaller(call), { kind: 'flag', keys: [call.params.key], ...call.body }),
      ),
    ),
    on(
      'POST /v1/flags/{key}/bring-back',
      { ...changing.options('flags:write', 'Bring back a flag that was archived or deleted'), ...one },
      (call) =>
        changing.once(call, call.params.key, (tx) =>
          verbs.bringBack(tx, byCaller(call), { kind: 'flag', ...call.params, ...call.body }),
        ),
    ),
    on('DELETE /v1/flags/{key}', { ...options('Delete a flag'), params: shapes.FlagOf }, (call) =>
      changing.bare(call, (tx) => verbs.remove(tx, byCaller(call), { kind: 'flag', keys: [call.params.key] })),
    ),
    on(
      'POST /v1/flags/archive',
      { ...options('Archive many flags'), description: confirmed, body: shapes.TakeAway },
      (call) => changing.bare(call, (tx) => verbs.archive(tx, byCaller(call), { kind: 'flag', ...call.body })),
    ),
    on(
      'POST /v1/flags/delete',
      { ...options('Delete many flags'), description: confirmed, body: shapes.TakeAway },
      (call) => changing.bare(call, (tx) => verbs.remove(tx, byCaller(call), { kind: 'flag', ...call.body })),
    ),
  ]
}

/** How a change of one flag runs and what it answers: the flag as it then is, read in the same transaction. */
function changingOf({ flags, labelsOf, staff }: Management) {
  const bare = (call: Call, work: (tx: Queries) => Promise<Changed>) =>
    flags.once(call, async (tx) => json(200, changedAnswer(await work(tx))))
  return {
    options: (scope: 'flags:write' | 'flags:kill', summary: string) => ({
      tag,
      summary,
      guard: staff(scope),
      isIdempotent: true as const,
      answers,
    }),
    bare,
    once: (call: Call, key: string, work: (tx: Queries) => Promise<Changed>, status = 200) =>
      flags.once(call, async (tx) => {
        const changed = await work(tx)
        const entry = (await findEntry(tx, 'flag', key))!
        const flag = flagDetail(entry, await labelsOfEntries(labelsOf, [entry]))
        return json(status, { ...changedAnswer(changed), flag } satisfies Static<typeof shapes.Changed> & {
          flag: unknown
        })
      }),
  }
}
