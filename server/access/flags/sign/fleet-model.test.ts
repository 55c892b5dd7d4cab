import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FlagDefinition } from '../../../../sdk/evaluate.ts'
import { authorFault } from '../../../../sdk/flags/judge-snapshot.ts'
import { nodeSeals } from '../../../../sdk/flags/node-seals.ts'
import type { KeyList, Parsed, SnapshotBody } from '../../../../sdk/flags/snapshot.ts'
import { makeRoot, makeSigningKey, type SigningPair } from './make-keys.ts'
import {
  type Change,
  type FlagState,
  firstSnapshotBody,
  nextSnapshotBody,
  tombstonesAfter,
} from './next-snapshot-body.ts'
import { signKeyList } from './sign-key-list.ts'
import { signSnapshot } from './sign-snapshot.ts'
import { type AccessProcess, Fleet, type Holder, STAMP } from './testing/fleet.ts'
import { repair } from './testing/repair.ts'

/**
 * The promise as a machine. Whatever happens in whatever order to the database, the disks, the keys and the clocks: no
 * client ever takes what the truth did not publish, nor goes back, nor loses a key that nobody deleted. Who slept follows; and
 * once the truth is repaired and published again, every client takes it, the first time it is offered.
 */

const ACCESS = 3
const CLIENTS = 4
/** Few, so that the same key is made, ended and made again while somebody sleeps. */
const KEYS = ['flag a', 'flag b', 'flag c', 'evaluator a'] as const
const NOTHING: FlagState = { flags: {}, evaluators: {}, metadata: {} }

type Edit = { name: (typeof KEYS)[number]; to: 'something' | 'nothing' }
type Forged =
  | 'unsigned'
  | 'stranger'
  | 'demo'
  | 'twin'
  | 'signed-wipe'
  | 'old-tombstone'
  | 'stolen-own-list'
  | 'stolen-new-list'
  | 'stolen-as-new'
type Step =
  | { do: 'change'; by: number; edits: Edit[] }
  | { do: 'race'; by: number; with: number; edits: Edit[]; others: Edit[] }
  | { do: 'deliver'; by: number; to: number }
  | { do: 'lag'; by: number; to: number }
  | { do: 'wipe'; what: 'tables' | 'log' | 'snapshots' | 'content' | 'everything' }
  | { do: 'tamper'; edits: Edit[] }
  | { do: 'back-up' | 'put-back' | 'steal' | 'replace-stolen' }
  | { do: 'set-back'; by: number }
  | { do: 'restore'; by: number; to: 'database' | 'greatest' }
  | { do: 'rotate'; keepsOld: boolean }
  | { do: 'tear'; who: number; what: 'newest' | 'both' }
  | { do: 'lose-disk'; who: number }
  | { do: 'report'; who: number }
  | { do: 'attack'; to: number; with: Forged; ahead: number }
  | { do: 'replay'; to: number; which: number }
  | { do: 'clock'; minutes: number }

const one = <Name extends string>(...names: Name[]) => fc.constantFrom(...names)
const index = (count: number) => fc.nat({ max: count - 1 })
const by = index(ACCESS)
const to = index(CLIENTS)
const edits = fc.array(
  fc.record({ name: one(...KEYS), to: one('something', 'something', 'something', 'nothing', 'nothing') }),
  {
    minLength: 1,
    maxLength: 3,
  },
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('change' as const), by, edits }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant('deliver' as const), by, to }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('lag' as const), by, to }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('race' as const), by, with: by, edits, others: edits }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wipe' as const),
      what: one('tables', 'log', 'snapshots', 'content', 'everything'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tamper' as const), edits }) },
  { weight: 5, arbitrary: fc.record({ do: one('back-up', 'put-back', 'steal', 'replace-stolen', 'replace-stolen') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('set-back' as const), by: fc.nat({ max: 6 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('restore' as const), by, to: one('database', 'greatest') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rotate' as const), keepsOld: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('tear' as const),
      who: index(ACCESS + CLIENTS),
      what: one('newest', 'both'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: one('lose-disk' as const, 'report' as const), who: index(ACCESS + CLIENTS) }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('attack' as const),
      to,
      with: one<Forged>(
        ...(['unsigned', 'stranger', 'demo', 'twin', 'signed-wipe', 'old-tombstone'] as const),
        ...(['stolen-own-list', 'stolen-own-list', 'stolen-new-list', 'stolen-as-new'] as const),
      ),
      ahead: fc.constantFrom(0, 1, 2, 999_998, Number.MAX_SAFE_INTEGER),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('replay' as const), to, which: fc.nat({ max: 40 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('clock' as const), minutes: fc.integer({ min: -9_000, max: 9_000 }) }),
  },
)

let made = 0
/** Never the same content twice, so that no two states can be taken for each other. */
const something = () =>
  ({ state: 'ENABLED', variants: { on: ++made }, defaultVariant: 'on' }) as unknown as FlagDefinition

function changesOf(wanted: readonly Edit[], { flags, evaluators }: FlagState): Change[] {
  return [...new Map(wanted.map((edit) => [edit.name, edit])).values()].flatMap((edit): Change[] => {
    const [kind, key] = edit.name.split(' ') as ['flag' | 'evaluator', string]
    if (edit.to === 'something') return [{ kind, key, after: something() }]
    return Object.hasOwn(kind === 'flag' ? flags : evaluators, key) ? [{ kind, key, after: null }] : []
  })
}

type Deeds = { [Name in Step['do']]: (fleet: Fleet, step: Extract<Step, { do: Name }>) => void }

const holderOf = (fleet: Fleet, who: number): Holder => [...fleet.access, ...fleet.clients][who]!

const deeds: Deeds = {
  change: (fleet, step) => void change(fleet, fleet.access[step.by]!, step.edits),
  race(fleet, step) {
    const stale = fleet.truth.newest
    const first = change(fleet, fleet.access[step.by]!, step.edits)
    const others = changesOf(step.others, fleet.truth.tables)
    const loser = fleet.access[step.with]!
    // Who prepared before the other's commit comes second, and must prepare again.
    if (first && stale && others.length > 0) assert.equal(fleet.publish(loser, others, stale), false)
    change(fleet, loser, step.others)
  },
  deliver(fleet, step) {
    const from = fleet.access[step.by]!
    fleet.catchUp(from)
    deliver(fleet, from, fleet.clients[step.to]!)
  },
  lag: (fleet, step) => deliver(fleet, fleet.access[step.by]!, fleet.clients[step.to]!),
  wipe,
  tamper(fleet, step) {
    const { flags, evaluators, metadata } = fleet.truth.tables
    const tables = { flags: { ...flags }, evaluators: { ...evaluators }, metadata }
    for (const { kind, key, after } of changesOf(step.edits, tables)) {
      const table = (kind === 'flag' ? tables.flags : tables.evaluators) as Record<string, unknown>
      if (after === null) delete table[key]
      else table[key] = after
    }
    fleet.truth = { ...fleet.truth, tables }
  },
  'back-up'(fleet) {
    fleet.backup = fleet.truth
  },
  'put-back'(fleet) {
    fleet.truth = fleet.backup
  },
  'set-back'(fleet, step) {
    const instant = fleet.history.at(-1 - step.by)
    if (instant) fleet.truth = instant
  },
  steal(fleet) {
    const { signer, keyList } = fleet.truth
    if (signer && keyList && !fleet.stolen) fleet.stolen = { key: signer, list: keyList }
  },
  'replace-stolen'(fleet) {
    if (fleet.stolen) renew(fleet, [])
  },
  rotate: (fleet, step) => renew(fleet, step.keepsOld && fleet.truth.signer ? [fleet.truth.signer] : []),
  restore(fleet, step) {
    if (fleet.truth.root) repair(fleet, { to: step.to, processes: [fleet.access[step.by]!] })
  },
  tear(fleet, step) {
    const who = holderOf(fleet, step.who)
    who.held = step.what === 'newest' ? who.before : undefined
    who.before = undefined
  },
  'lose-disk'(fleet, step) {
    const who = holderOf(fleet, step.who)
    const fingerprint = who.trust.pinned ? who.trust.fingerprint : null
    // A new machine: what was seen by the one before binds nobody.
    Object.assign(who, { held: undefined, before: undefined, seen: [] })
    who.trust = { ...who.trust, fingerprint, keyListNumber: 0, newest: null }
  },
  report: (fleet, step) => report(fleet, holderOf(fleet, step.who)),
  attack(fleet, step) {
    const victim = fleet.clients[step.to]!
    const text = forge(fleet, victim, step)
    if (text) fleet.offer(victim, text)
  },
  replay(fleet, step) {
    const all = fleet.published()
    fleet.offer(fleet.clients[step.to]!, all[step.which % all.length]!)
  },
  clock(fleet, step) {
    fleet.nowMs += step.minutes * 60_000
  },
}

function change(fleet: Fleet, process: AccessProcess, wanted: Edit[]): boolean {
  const changes = changesOf(wanted, fleet.truth.tables)
  return changes.length > 0 && fleet.publish(process, changes)
}

function deliver(fleet: Fleet, { held, known }: AccessProcess, client: Holder): void {
  // A client says first what it has, so that access knows when it is itself behind.
  if (client.held && !authorFault(client.held, fleet.access[0]!.trust, nodeSeals))
    known.push({ ...numberOf(client.held), digest: client.held.header.digest })
  if (!held) return
  const hasToFollow = fleet.hasToFollow(client, held)
  const judged = fleet.offer(client, held)
  if (hasToFollow)
    assert.notEqual(judged.outcome, 'quarantined', `${client.name} cannot follow: ${JSON.stringify(judged)}`)
  if (judged.outcome === 'quarantined')
    for (const name of judged.missing) fleet.reported.set(`${name.kind} ${name.key}`, name)
}

const numberOf = ({ body: { epoch, seq } }: Parsed) => ({ epoch, seq })

/** Everything that somebody can tell whoever repairs. */
function report(fleet: Fleet, { held, trust }: Holder): void {
  if (held) fleet.evidence.set(held.header.digest, held)
  if (trust.newest) fleet.claims.push({ ...trust.newest, keyListNumber: trust.keyListNumber })
}

function wipe(fleet: Fleet, { what }: { what: string }): void {
  const { truth } = fleet
  const isAll = what === 'content' || what === 'everything'
  fleet.truth = {
    ...truth,
    ...((what === 'tables' || isAll) && { tables: NOTHING }),
    ...((what === 'log' || isAll) && { log: [] }),
    ...((what === 'snapshots' || isAll) && { newest: undefined }),
    ...(what === 'everything' && { root: undefined, signer: undefined, keyList: undefined }),
  }
}

/** The root lists a new key, and whatever is kept beside it; told by the next snapshot. */
function renew(fleet: Fleet, kept: SigningPair[]): void {
  const { root, newest, keyList, tables } = fleet.truth
  const process = fleet.access[0]!
  if (!root || !newest || !keyList || !fleet.catchUp(process)) return
  const before = fleet.truth
  const signer = fleet.makeKey()
  const number = (JSON.parse(keyList.text) as KeyList).number + 1
  fleet.truth = { ...before, signer, keyList: fleet.signList(number, [signer, ...kept]) }
  if (!fleet.publish(process, [{ kind: 'set', key: '', after: tables.metadata }])) fleet.truth = before
}

/** Undefined: this cannot be made now, or nobody could tell that it is wrong. */
function forge(
  fleet: Fleet,
  victim: Holder,
  { with: kind, ahead }: { with: Forged; ahead: number },
): Parsed | undefined {
  const { newest, signer } = fleet.truth
  const base = newest ?? fleet.published().at(-1)!
  const next = nextSnapshotBody({ previous: base, changes: [], madeAt: fleet.now() })
  const empty: SnapshotBody = {
    ...next,
    flags: {},
    evaluators: {},
    count: 0,
    seq: Math.min(base.body.seq + 1 + ahead, 2 ** 53 - 1),
  }
  const stranger = makeSigningKey('key_stranger')
  if (kind === 'unsigned') {
    const named = { ...stranger, public: { ...stranger.public, kid: base.keyList.keys[0]!.kid } }
    return fleet.forge(named, signSnapshot(named, empty), true)
  }
  if (kind === 'stranger' || kind === 'demo') {
    // Who has no pin trusts whom it meets first; that it is not a stranger is for the connection to see to.
    if (victim.trust.fingerprint === null && kind === 'stranger') return undefined
    const stamp = kind === 'demo' ? { ...STAMP, environment: 'demo' } : STAMP
    const keyList = signKeyList(makeRoot(), { ...stamp, number: 99, keys: [stranger.public] })
    const body = { ...firstSnapshotBody({ stamp, madeAt: fleet.now(), keyList }), epoch: 2 + (ahead % 10) }
    return fleet.forge(stranger, signSnapshot(stranger, body), true)
  }
  if (kind === 'twin' || kind === 'signed-wipe' || kind === 'old-tombstone')
    return signer && ofAccessGoneWrong(fleet, victim, { kind, base, signer, ahead })
  return ofThief(fleet, { kind, base, empty, ahead })
}

/** Signed with the right key, by access that has lost its mind: the last line of defence is the client's own. */
function ofAccessGoneWrong(
  fleet: Fleet,
  { held }: Holder,
  {
    kind,
    base,
    signer,
    ahead,
  }: { kind: 'twin' | 'signed-wipe' | 'old-tombstone'; base: Parsed; signer: SigningPair; ahead: number },
): Parsed | undefined {
  if (!held || !base.keyList.keys.some(({ kid }) => kid === signer.public.kid)) return undefined
  const at = fleet.now().toISOString()
  if (kind === 'twin') {
    const body = { ...held.body, made_at: at, metadata: { twin: ++made }, key_list: base.body.key_list }
    return fleet.forge(signer, signSnapshot(signer, body), true)
  }
  const lost = Object.keys(base.body.flags).find((key) => Object.hasOwn(held.body.flags, key))
  if (lost === undefined || !fleet.isPublished(held) || !fleet.isPublished(base)) return undefined
  const flags = Object.fromEntries(Object.entries(base.body.flags).filter(([key]) => key !== lost))
  const seq = base.body.seq + 1 + (ahead % 10)
  const next = nextSnapshotBody({ previous: base, changes: [], madeAt: fleet.now() })
  const { epoch, seq: heldSeq } = held.body
  // Of a deletion before the key was made again: as old as what is held, so it speaks of something else.
  const old = kind === 'old-tombstone' ? [{ kind: 'flag' as const, key: lost, epoch, seq: heldSeq, at }] : []
  const body = { ...next, seq, flags, count: Object.keys(flags).length, tombstones: [...next.tombstones, ...old] }
  return fleet.forge(signer, signSnapshot(signer, body), true)
}

/** With a stolen key everything can be made, deletions with tombstones too, but no list of keys. */
function ofThief(
  fleet: Fleet,
  { kind, base, empty, ahead }: { kind: Forged; base: Parsed; empty: SnapshotBody; ahead: number },
): Parsed | undefined {
  if (!fleet.stolen) return undefined
  const { key, list } = fleet.stolen
  const newList = base.body.key_list
  const { keys } = JSON.parse((kind === 'stolen-own-list' ? list : newList).text) as KeyList
  const epoch = Math.min(base.body.epoch + ahead, Number.MAX_SAFE_INTEGER)
  const ends: Change[] = ['a', 'b', 'c', 'd'].map((name) => ({ kind: 'flag', key: name, after: null }))
  const own = { epoch, seq: empty.seq, made_at: fleet.now().toISOString() }
  const body: SnapshotBody = {
    ...empty,
    ...own,
    flags: { forged: something() },
    count: 1,
    tombstones: tombstonesAfter(base.body.tombstones, ends, { ...own, at: own.made_at }),
    key_list: kind === 'stolen-own-list' ? list : newList,
  }
  const kid = kind === 'stolen-as-new' ? keys[0]!.kid : key.public.kid
  if (!keys.some((each) => each.kid === kid)) return undefined
  const signedAs = { ...key, public: { ...key.public, kid } }
  // Under the name of another key its signature holds for nobody.
  return fleet.forge(key, signSnapshot(signedAs, body), kid !== key.public.kid)
}

/** Never shut out for ever: when people have done what the runbook says, one delivery is enough. */
function makeWell(fleet: Fleet): void {
  const everybody = [...fleet.access, ...fleet.clients]
  for (const who of everybody) report(fleet, who)
  fleet.isTheftKnown = true
  repair(fleet, { to: 'greatest', processes: fleet.access })
  for (const process of fleet.access) assert.ok(fleet.catchUp(process), `${process.name} is shut out`)
  for (const client of fleet.clients) {
    const judged = fleet.offer(client, fleet.access[0]!.held!)
    assert.notEqual(judged.outcome, 'quarantined', `${client.name} is shut out: ${JSON.stringify(judged)}`)
    assert.equal(client.held!.text, fleet.truth.newest!.text)
  }
  // And everything works as ever.
  assert.ok(fleet.publish(fleet.access[1]!, [{ kind: 'flag', key: 'z', after: something() }]), 'nothing can be changed')
  for (const client of fleet.clients) assert.equal(fleet.offer(client, fleet.truth.newest!).outcome, 'accepted')
}

/** Some 8 ms each; how many each planted mistake needs stands in docs/decisions/0033-signed-snapshots.md. */
const RUNS = 600

test('no order of wipes, restores, races, thefts and torn disks makes a client wrong, or shuts it out for ever', (context) => {
  const seed = Number(process.env.FLEET_SEED ?? Math.trunc(Math.random() * 2 ** 31))
  const numRuns = Number(process.env.FLEET_RUNS ?? RUNS)
  context.diagnostic(`FLEET_SEED=${seed} does the same again`)
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), (steps) => {
      const fleet = new Fleet({ access: ACCESS, clients: CLIENTS })
      for (const each of steps) (deeds[each.do] as (fleet: Fleet, step: Step) => void)(fleet, each)
      makeWell(fleet)
    }),
    { numRuns, seed },
  )
})
