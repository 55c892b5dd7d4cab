import { checkDefinition, type Definition, type FlagDefinition, isSameJson } from '@holdfast/sdk/evaluate'
import { sayFlagChange, sayRule, sayRules, saySegment, sayText } from '@holdfast/sdk/flag-rules'
import type { Flag, FlagChange, Segment } from '../../app/api/wire/flags.ts'
import { type Answer, type Asked, pageOf, problem, type Routes } from '../answer.ts'
import type { FlagEntry, FlagLogRow, FlagsWorld, KeptFlag } from '../world/flags.ts'
import type { World } from '../world.ts'

/** Flags and segments: a log of what was done, folded as access folds it. */
export const wiped = 'The tables hold 0 of 8 flags.'

export const flags: Routes = {
  'GET flags'(asked) {
    const { id, under, world, query } = asked
    const { epoch, seq, fleet, log } = world.flags
    switch (id) {
      case undefined:
        return listOf(asked, 'flag')
      case 'segments':
        return under ? found(world, 'segment', under) : listOf(asked, 'segment')
      case 'changes':
        return pageOf(
          log
            .filter(({ key, kind }) => (query.get('key') ?? key) === key && (query.get('kind') ?? kind) === kind)
            .map((row) => changeOf(world, row)),
          query,
        )
      case 'export':
        return [200, definitionOf(world.flags)]
      case 'metadata':
        return [200, { metadata: {}, version: number(world.flags) }]
      case 'fleet':
        return [200, { epoch, seq, data: fleet }]
      default:
        return found(world, 'flag', id)
    }
  },
  'POST flags'(asked) {
    const { id, under, deeper, body } = asked
    const { world } = asked
    if (id === undefined) return make(asked, 'flag')
    if (id === 'segments') return under === undefined ? make(asked, 'segment') : deed(asked, 'segment', under, deeper)
    if (id === 'changes') return undo(asked)
    if (id === 'restore' || id === 'adopt') return restore(asked)
    if (id === 'rotate-key') return rotateKey(asked)
    if (id === 'delete') {
      const [key] = body.keys as string[]
      return deed(asked, 'flag', key!, 'delete')
    }
    const answer = deed(asked, 'flag', id, under)
    return answer[0] === 200 && under !== 'archive' ? [200, changed(world, 'flag', id)] : answer
  },
  'PATCH flags'(asked) {
    const isSegment = asked.id === 'segments'
    const kind = isSegment ? 'segment' : 'flag'
    const key = (isSegment ? asked.under : asked.id)!
    const entry = entryOf(asked.world, kind, key)
    if (!entry) return noSuch(kind, key)
    const { made_on, definition, name, description, tags } = asked.body
    if (made_on !== sayNumber(asked.world.flags.epoch, entry.seq)) {
      const detail = `The ${kind} ${key} was changed meanwhile (${sayNumber(asked.world.flags.epoch, entry.seq)}). Look at it again, and repeat what still has to be done.`
      return problem(409, 'flags.changed_meanwhile', detail)
    }
    const next = {
      definition: definition ?? entry.definition,
      name: (name === undefined ? entry.name : name) as string | null,
      description: (description === undefined ? entry.description : description) as string | null,
      tags: (tags ?? entry.tags) as string[],
    }
    const refused = refusalOf(asked.world.flags, kind, key, next.definition)
    if (refused) return refused
    write(asked, entry, 'edit', next)
    return [200, changed(asked.world, kind, key)]
  },
  'DELETE flags'(asked) {
    return deed(asked, 'segment', asked.under!, 'delete')
  },
}

const sayNumber = (epoch: number, seq: number) => `e${epoch}.s${seq}`
const number = ({ epoch, seq }: FlagsWorld) => sayNumber(epoch, seq)
const entryOf = ({ flags }: World, kind: string, key: string) =>
  flags.entries.find((each) => each.kind === kind && each.key === key)
const noSuch = (kind: string, key: string) => problem(404, 'flags.not_found', `There is no ${kind} ${key}.`)

function found(world: World, kind: FlagEntry['kind'], key: string): Answer {
  const entry = entryOf(world, kind, key)
  return entry ? [200, told(world, entry)] : noSuch(kind, key)
}

function listOf({ world, query, scene }: Asked, kind: FlagEntry['kind']): Answer {
  const sought = (query.get('q') ?? '').toLowerCase()
  const state = query.get('state') ?? 'live'
  const tag = query.get('tag')
  const all = world.flags.entries.filter((entry) => entry.kind === kind)
  const rows = all
    .filter(({ archived_at }) => state === 'all' || (archived_at === null) === (state === 'live'))
    .filter(({ key, name }) => `${key} ${name}`.toLowerCase().includes(sought))
    .filter(({ tags }) => tag === null || tags.includes(tag))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map((entry) => told(world, entry))
  const isHeld = scene.condition === 'flags-wiped'
  const [status, body] = pageOf(isHeld ? [] : rows, query)
  const standing = isHeld
    ? { state: 'holding', fault: 'wiped', sentence: wiped }
    : { state: 'following', fault: null, sentence: 'The tables are those that are served.' }
  return [status, { ...(body as object), number: number(world.flags), total: all.length, standing }]
}

function who(world: World, id: string) {
  return { id, label: world.users.find((user) => user.id === id)?.name ?? null }
}

function told(world: World, entry: FlagEntry): Flag | Segment {
  const { key, name, description, tags, definition, created_at, changed_at, by, archived_at } = entry
  const row = {
    ...{ key, name, description, tags, version: sayNumber(world.flags.epoch, entry.seq), created_at, changed_at },
    ...{ created_by: who(world, by), changed_by: who(world, by), archived_at },
  }
  if (entry.kind === 'segment') return { ...row, sentence: saySegment(definition), definition }
  const flag = definition as FlagDefinition
  return {
    ...row,
    sentence: sayRule(flag),
    type: typeof Object.values(flag.variants)[0] as Flag['type'],
    is_enabled: flag.state === 'ENABLED',
    default_variant: flag.defaultVariant ?? null,
    variants: Object.keys(flag.variants),
    is_client: flag.metadata?.['holdfast.client'] === true,
    definition: flag,
    rules: sayRules(flag),
    on_unknown: String(flag.metadata?.['holdfast.on_unknown'] ?? 'last-known'),
    segments: [],
  }
}

function definitionOf({ entries }: FlagsWorld): Definition {
  const of = (kind: FlagEntry['kind']) =>
    Object.fromEntries(
      entries.filter((each) => each.kind === kind && !each.archived_at).map(({ key, definition }) => [key, definition]),
    )
  return { flags: of('flag') as Definition['flags'], $evaluators: of('segment'), metadata: {} }
}

function changeOf(world: World, row: FlagLogRow): FlagChange {
  const { change_id, seq, at, kind, key, deed: did, by, reason } = row
  return {
    ...{ change_id, number: sayNumber(world.flags.epoch, seq), at, kind, key, deed: did, reason },
    diff: diffOf(row),
    by: { ...who(world, by), kind: 'person' },
    can_undo: did !== 'restore' && did !== 'rotate-key',
  }
}

function diffOf({ kind, deed: did, before, after }: Pick<FlagLogRow, 'kind' | 'deed' | 'before' | 'after'>): string[] {
  if (kind === 'set') return []
  const say = ({ definition }: KeptFlag) =>
    kind === 'flag' ? sayRule(definition as FlagDefinition) : saySegment(definition)
  if (!before) return after ? [`${did === 'make' ? 'made' : 'brought back'}: ${say(after)}`] : []
  if (!after) return [`${did === 'archive' ? 'archived' : 'deleted'}; it was: ${say(before)}`]
  const ofRule =
    kind === 'flag'
      ? sayFlagChange(before.definition as FlagDefinition, after.definition as FlagDefinition)
      : sayText('who', say(before), say(after))
  return [...ofRule, ...sayText('name', before.name ?? undefined, after.name ?? undefined)]
}

const keptOf = ({ definition, name, description, tags }: KeptFlag): KeptFlag => ({
  definition,
  name,
  description,
  tags,
})

function write({ world, body, now }: Asked, entry: FlagEntry, did: string, next: KeptFlag | null) {
  const flagsOfWorld = world.flags
  flagsOfWorld.seq += 1
  const isLive = flagsOfWorld.entries.includes(entry) && entry.archived_at === null
  flagsOfWorld.log.unshift({
    change_id: `chg_${flagsOfWorld.seq}`,
    seq: flagsOfWorld.seq,
    at: now.toISOString(),
    ...{ kind: entry.kind, key: entry.key, deed: did },
    before: isLive ? keptOf(entry) : null,
    after: next,
    by: world.self.user,
    reason: (body.reason as string | undefined) ?? null,
  })
  if (!flagsOfWorld.entries.includes(entry) && next) flagsOfWorld.entries.push(entry)
  Object.assign(entry, next ?? {}, {
    seq: flagsOfWorld.seq,
    changed_at: now.toISOString(),
    by: world.self.user,
    archived_at: next ? null : now.toISOString(),
  })
  if (!next && did !== 'archive') flagsOfWorld.entries = flagsOfWorld.entries.filter((each) => each !== entry)
}

function changed(world: World, kind: FlagEntry['kind'], key: string) {
  const done = { change_id: `chg_${world.flags.seq}`, number: number(world.flags), keys: [key] }
  const entry = entryOf(world, kind, key)
  return entry ? { ...done, [kind]: told(world, entry) } : done
}

function refusalOf(world: FlagsWorld, kind: FlagEntry['kind'], key: string, definition: unknown): Answer | undefined {
  const now = definitionOf(world)
  const next: Definition =
    kind === 'flag'
      ? { ...now, flags: { [key]: definition as FlagDefinition } }
      : { flags: {}, $evaluators: { ...now.$evaluators, [key]: definition } }
  const [first] = checkDefinition(next).problems
  return first && problem(400, 'flags.bad_definition', `This cannot be saved: ${first.message}`)
}

function make(asked: Asked, kind: FlagEntry['kind']): Answer {
  const { body, world, now } = asked
  const { key, definition, name = null, description = null, tags = [] } = body as unknown as KeptFlag & { key: string }
  if (entryOf(world, kind, key)) {
    return problem(409, 'flags.exists', `There is a ${kind} ${key} already. Edit it, or choose another key.`)
  }
  const refused = refusalOf(world.flags, kind, key, definition)
  if (refused) return refused
  const at = now.toISOString()
  const entry = { definition, name, description, tags, kind, key, seq: 0, created_at: at, changed_at: at, by: '' }
  write(asked, { ...entry, archived_at: null }, 'make', keptOf(entry))
  return [201, changed(world, kind, key)]
}

function deed(asked: Asked, kind: FlagEntry['kind'], key: string, did: string | undefined): Answer {
  const { world, body } = asked
  const entry = entryOf(world, kind, key)
  if (!entry) return noSuch(kind, key)
  const user =
    kind === 'segment' && did !== 'bring-back' ? world.flags.entries.find((each) => asks(each, key)) : undefined
  if (user) {
    const detail = `The segment ${key} is used by ${user.key}. Take it out there first.`
    return problem(409, 'flags.still_referred', detail)
  }
  if (did === 'archive' || did === 'delete') write(asked, entry, did, null)
  else if (did === 'bring-back') write(asked, entry, did, keptOf(entry))
  else write(asked, entry, 'kill', { ...keptOf(entry), definition: killed(entry, body.variant as string | undefined) })
  return [200, changed(world, kind, key)]
}

const asks = ({ definition }: FlagEntry, segment: string) =>
  JSON.stringify(definition).includes(JSON.stringify({ $ref: segment }))

function killed({ definition }: FlagEntry, variant: string | undefined): FlagDefinition {
  const { targeting, ...rest } = definition as FlagDefinition
  if (variant === undefined) return { ...(definition as FlagDefinition), state: 'DISABLED' }
  return { ...rest, state: 'ENABLED', defaultVariant: variant }
}

function undo(asked: Asked): Answer {
  const { world, under } = asked
  const row = world.flags.log.find(({ change_id }) => change_id === under)
  if (!row) return problem(404, 'flags.no_such_change', `There is no change ${under}.`)
  if (row.kind === 'set') return problem(409, 'flags.not_to_be_undone', 'A key that was replaced never signs again.')
  const entry = entryOf(world, row.kind, row.key)
  const isLive = entry && entry.archived_at === null
  if (!isSameJson(isLive ? keptOf(entry) : null, row.after && keptOf(row.after))) {
    const detail = `The ${row.kind} ${row.key} was changed meanwhile. Look at it again, and repeat what still has to be done.`
    return problem(409, 'flags.changed_meanwhile', detail)
  }
  const at = asked.now.toISOString()
  const fresh = { kind: row.kind, key: row.key, seq: 0, created_at: at, changed_at: at, by: '', archived_at: null }
  write(asked, entry ?? { ...fresh, ...keptOf(row.before!) }, 'undo', row.before && keptOf(row.before))
  return [200, changed(world, row.kind, row.key)]
}

/** As all was before the newest rows of the log that are younger than the instant. */
function restore(asked: Asked): Answer {
  const { world, body } = asked
  const {
    at = '',
    keys,
    dry_run,
    confirm,
  } = body as { at?: string; keys?: string[]; dry_run?: boolean; confirm?: number }
  const younger = world.flags.log.filter(
    (row) => row.kind !== 'set' && row.at > at && (!keys || keys.includes(row.key)),
  )
  const then = new Map<string, FlagLogRow>()
  for (const row of younger) then.set(`${row.kind} ${row.key}`, row)
  const rows = [...then.values()].map((row) => {
    const entry = entryOf(world, row.kind, row.key)
    return {
      kind: row.kind,
      key: row.key,
      before: entry && !entry.archived_at ? keptOf(entry) : null,
      after: row.before,
    }
  })
  const counts = {
    added: rows.filter(({ before, after }) => !before && after).length,
    changed: rows.filter(({ before, after }) => before && after).length,
    removed: rows.filter(({ before, after }) => before && !after).length,
  }
  const needed = counts.removed > 1 ? counts.removed : null
  if (dry_run) {
    const differences = rows.map((row) => ({ kind: row.kind, key: row.key, diff: diffOf({ ...row, deed: 'restore' }) }))
    return [200, { dry_run: true, ...counts, confirm: needed, differences }]
  }
  if (needed !== null && confirm !== needed) {
    const detail = `This takes away ${needed} of ${world.flags.entries.length} flags and segments. Send "confirm": ${needed} to go ahead.`
    return problem(409, 'flags.mass_deletion', detail)
  }
  const before = {
    number: number(world.flags),
    made_at: asked.now.toISOString(),
    definition: definitionOf(world.flags),
  }
  for (const { kind, key, after } of rows) {
    const entry = entryOf(world, kind, key)
    if (entry) write(asked, entry, 'restore', after)
  }
  world.flags.epoch += 1
  return [200, { ...changed(world, 'flag', ''), ...counts, before }]
}

/** A row that changes nothing of what is delivered, and a number of its own. */
function rotateKey({ world, body, now }: Asked): Answer {
  const { flags: all, self } = world
  all.seq += 1
  const kept = { definition: {}, name: null, description: null, tags: [] }
  all.log.unshift({
    ...{ change_id: `chg_${all.seq}`, seq: all.seq, at: now.toISOString(), kind: 'set', key: '', deed: 'rotate-key' },
    ...{ before: kept, after: kept, by: self.user, reason: (body.reason as string | undefined) ?? null },
  })
  return [200, { change_id: `chg_${all.seq}`, number: number(all) }]
}
