import type { Static } from 'typebox'
import { sayNumber } from '../../../../sdk/flags/snapshot.ts'
import { byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { type Call, json, on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import { findEntry } from '../reading/queries.ts'
import { refuse } from '../refusals.ts'
import type { Restored } from '../verbs/replace-state.ts'
import { compareFlags } from './compare-flags.ts'
import { changedAnswer } from './flag-routes.ts'
import { listChanges } from './list-flags.ts'
import type { Management } from './management.ts'
import { assertAddressable, assertFree, readInstant, readNumber } from './read-asked.ts'
import { rehearse } from './rehearse.ts'
import { KeyRotated, Trust } from './key-shapes.ts'
import * as shapes from './shapes.ts'

/** 5 000 flags are some 3 MB. */
const IMPORT_BYTES_MAX = 8 * 1024 * 1024
const tag = 'flags'
const problems = { 400: ProblemShape, 404: ProblemShape, 409: ProblemShape, 503: ProblemShape }
const REHEARSED = 'With `dry_run` it tells what would happen, `confirm` included, and changes nothing.'

/** All flags together: what was done, what differs, in and out, back to an instant. */
export function setRoutes(parts: Management): Route[] {
  return [...lookingRoutes(parts), ...changingRoutes(parts), ...restoringRoutes(parts)]
}

function lookingRoutes(parts: Management): Route[] {
  const { flags } = parts
  const read = { tag, guard: parts.staff('flags:read') }
  return [
    on(
      'GET /v1/flags/changes',
      {
        ...read,
        summary: 'What was done, newest first',
        query: shapes.HistoryAsked,
        answers: { 200: shapes.ChangeList },
      },
      async (call) => json(200, await listChanges(parts, call.query)),
    ),
    on(
      'GET /v1/flags/diff',
      {
        ...read,
        summary: 'What differs between an instant and now',
        query: shapes.AtQuery,
        answers: { 200: shapes.Compared, ...problems },
      },
      async (call) => json(200, await compareFlags(parts, readInstant(call.query.at))),
    ),
    on(
      'GET /v1/flags/export',
      {
        ...read,
        summary: 'All flags as a flagd definition',
        description: 'Of now, or of an instant. What `POST /v1/flags/import` takes.',
        query: shapes.MaybeAtQuery,
        answers: { 200: shapes.DefinitionSet, ...problems },
      },
      async (call) => json(200, await exportedOf(parts, call.query.at)),
    ),
    on(
      'GET /v1/flags/trust',
      {
        ...read,
        summary: 'The root key that snapshots are signed under',
        description:
          'Its fingerprint is what apps pin by the option `trust`. With the list of signing keys that it has signed last.',
        answers: { 200: Trust, 503: ProblemShape },
      },
      () => {
        const trust = flags.reads.trust()
        if (!trust) throw refuse('none_yet')
        return json(200, trust)
      },
    ),
    on(
      'GET /v1/flags/metadata',
      { ...read, summary: 'What is said with every answer', answers: { 200: shapes.MetadataShape, 503: ProblemShape } },
      () => {
        const current = flags.current()
        if (!current) throw refuse('none_yet')
        return json(200, { metadata: current.body.metadata, version: sayNumber(current) })
      },
    ),
  ]
}

async function exportedOf({ flags }: Management, at: string | undefined) {
  const exported = at === undefined ? flags.reads.export() : await flags.reads.at(readInstant(at))
  if (!exported) throw refuse('none_yet')
  const { flags: all, $evaluators, metadata } = exported.definition
  return { $schema: 'https://flagd.dev/schema/v0/flags.json', flags: all, $evaluators, metadata }
}

function changingRoutes(parts: Management): Route[] {
  const { flags, staff } = parts
  const write = { tag, guard: staff('flags:write'), isIdempotent: true as const }
  return [
    on(
      'POST /v1/flags/changes/{id}/undo',
      {
        ...write,
        summary: 'Undo a change',
        description: 'Everything that it touched is as before; refused when some of it was changed since.',
        params: shapes.ChangeOf,
        body: shapes.Undo,
        answers: { 200: shapes.Changed, ...problems },
      },
      (call) =>
        flags.once(call, async (tx) => {
          const changed = await flags.verbs.undo(tx, byCaller(call), { change_id: call.params.id, ...call.body })
          return json(200, changedAnswer(changed))
        }),
    ),
    on(
      'PUT /v1/flags/metadata',
      {
        ...write,
        summary: 'Set what is said with every answer',
        body: shapes.SetMetadata,
        answers: { 200: shapes.MetadataShape, ...problems },
      },
      (call) =>
        flags.once(call, async (tx) => {
          const { metadata, made_on: madeOn, reason } = call.body
          const by = byCaller(call)
          const { number } = await flags.verbs.setMetadata(tx, by, { metadata, made_on: readNumber(madeOn), reason })
          const entry = await findEntry(tx, 'set', '')
          return json(200, { metadata, version: sayNumber(entry ?? number) })
        }),
    ),
    on(
      'POST /v1/flags/import',
      {
        ...write,
        summary: 'Take over a flagd definition',
        description: `Names, descriptions and tags of what is there stay. ${REHEARSED}`,
        body: shapes.Import,
        bodyBytesMax: IMPORT_BYTES_MAX,
        answers: { 200: shapes.Changed, ...problems },
      },
      (call) => importSet(parts, call),
    ),
  ]
}

function importSet(parts: Management, call: Call<Static<typeof shapes.Import>>) {
  const { flags } = parts
  const { dry_run: isDry, made_on: madeOn, mode = 'merge', confirm, ...input } = call.body
  for (const key of keysIn(input.definition.flags)) assertFree(key)
  for (const key of keysIn(input.definition.$evaluators)) assertAddressable(key)
  const made_on = madeOn === undefined ? undefined : readNumber(madeOn)
  const work = (tx: Queries, confirmed: number | undefined) =>
    flags.verbs.importDefinition(tx, byCaller(call), { ...input, mode, made_on, confirm: confirmed })
  return isDry
    ? rehearse(parts, work).then((told) => json(200, told))
    : flags.once(call, async (tx) => json(200, changedAnswer(await work(tx, confirm))))
}

/** By keys, or as the list that the daemon of flagd takes as well. */
function keysIn(flags: unknown): string[] {
  if (Array.isArray(flags)) return flags.map((flag) => String((flag as { key?: unknown } | null)?.key))
  return typeof flags === 'object' && flags !== null ? Object.keys(flags) : []
}

function restoringRoutes(parts: Management): Route[] {
  const { flags } = parts
  const restoring = { tag, guard: parts.staff('flags:restore'), isIdempotent: true as const }
  const answers = { 200: shapes.Restored, ...problems }
  return [
    on(
      'POST /v1/flags/restore',
      {
        ...restoring,
        summary: 'Put flags back to an instant',
        description: `All, or some by name; without an instant what access serves is written back into tables that lost it. A new epoch begins, which every process follows. ${REHEARSED}`,
        body: shapes.Restore,
        answers,
      },
      (call) => {
        const { dry_run: isDry, at, keys, confirm, reason } = call.body
        const input = { at: at === undefined ? undefined : readInstant(at), keys, reason }
        const work = (tx: Queries, confirmed: number | undefined) =>
          flags.verbs.restore(tx, byCaller(call), { ...input, confirm: confirmed })
        return replaced(parts, call, { isDry, confirm, work })
      },
    ),
    on(
      'POST /v1/flags/adopt',
      {
        ...restoring,
        summary: 'Say that what the database has is the truth',
        description: `For a database that was put back on purpose: until then nothing can be changed. ${REHEARSED}`,
        body: shapes.Adopt,
        answers,
      },
      (call) => {
        const { dry_run: isDry, confirm, reason } = call.body
        const work = (tx: Queries, confirmed: number | undefined) =>
          flags.verbs.adopt(tx, byCaller(call), { confirm: confirmed, reason })
        return replaced(parts, call, { isDry, confirm, work })
      },
    ),
    on(
      'POST /v1/flags/rotate-key',
      {
        ...restoring,
        summary: 'Sign with another key from now on',
        description:
          'For a signing key that was stolen. The root lists another one alone, and the list goes out with the next number, which every process follows. No answer changes, the fingerprint of the root stays, and the key before it is never believed again: this cannot be undone.',
        body: shapes.Why,
        answers: { 200: KeyRotated, ...problems },
      },
      (call) =>
        flags.once(call, async (tx) => {
          const { change_id, number } = await flags.verbs.rotateKey(tx, byCaller(call), call.body)
          return json(200, { change_id, number: sayNumber(number) })
        }),
    ),
  ]
}

interface Replacing {
  isDry: boolean | undefined
  confirm: number | undefined
  work(tx: Queries, confirm: number | undefined): Promise<Restored>
}

async function replaced(parts: Management, call: Call, { isDry, confirm, work }: Replacing) {
  if (isDry) return json(200, await rehearse(parts, work))
  return parts.flags.once(call, async (tx) => {
    const { before, added, changed, removed, ...done } = await work(tx, confirm)
    const number = before.number && sayNumber(before.number)
    return json(200, { ...changedAnswer(done), added, changed, removed, before: { ...before, number } })
  })
}
