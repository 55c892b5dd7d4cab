/**
 * A fleet in memory: one truth that can be wiped and put back, processes of access with disks, clients with disks, and
 * somebody who means harm. Everything that judges, folds and signs is the real thing; what watches it is not: it knows
 * what was really published and really ordered, and compares.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { judgeSnapshot, type Judged } from '../../../../../sdk/flags/judge-snapshot.ts'
import { nodeSeals } from '../../../../../sdk/flags/node-seals.ts'
import type { Seals } from '../../../../../sdk/flags/seals.ts'
import {
  compareNumbers,
  type KeyList,
  type KeyName,
  nameOf,
  type Parsed,
  type SignedKeyList,
  type SnapshotNumber,
  sayNumber,
} from '../../../../../sdk/flags/snapshot.ts'
import { type Trust, trustFor } from '../../../../../sdk/flags/trust.ts'
import { makeRoot, makeSigningKey, type RootPair, type SigningPair } from '../make-keys.ts'
import { type KnownNumber, type LogRow, mayFollow } from '../may-follow.ts'
import {
  type Change,
  type FlagState,
  firstSnapshotBody,
  fold,
  namesIn,
  nextSnapshotBody,
} from '../next-snapshot-body.ts'
import { nextKeyListNumber, signKeyList } from '../sign-key-list.ts'
import { signSnapshot } from '../sign-snapshot.ts'

export const STAMP = { environment: 'production', installation_id: 'ins_fleet' }

/** The database at one instant. Never changed in place, so a backup is a reference. */
export interface Truth {
  root: RootPair | undefined
  signer: SigningPair | undefined
  keyList: SignedKeyList | undefined
  tables: FlagState
  log: readonly LogRow[]
  newest: Parsed | undefined
}

/** Whoever holds a snapshot: a client, or a process of access with its disk. */
export interface Holder {
  name: string
  trust: Trust
  held: Parsed | undefined
  /** The older generation on disk. */
  before: Parsed | undefined
  /** What the watcher saw it accept, in order. */
  seen: Parsed[]
}

export interface AccessProcess extends Holder {
  known: KnownNumber[]
}

/** What a client says without a text to show for it. */
export type Claim = SnapshotNumber & { keyListNumber: number }

/** Made by somebody who should not: by which key, and whether a client that holds what it holds has to see through it. */
interface Forgery {
  kid: string
  isSeenThrough: boolean
}

export class Fleet {
  readonly root = makeRoot()
  readonly access: AccessProcess[]
  readonly clients: Holder[]
  truth: Truth
  readonly history: Truth[] = []
  backup: Truth
  /** What a client gave back, or said it once had, or misses: known to whoever repairs. */
  readonly evidence = new Map<string, Parsed>()
  readonly claims: Claim[] = []
  readonly reported = new Map<string, KeyName>()
  readonly lists: SignedKeyList[] = []
  isTheftKnown = false
  stolen: { key: SigningPair; list: SignedKeyList } | undefined
  nowMs = Date.parse('2026-11-21T08:00:00Z')
  #time = 0
  #keys = 0
  readonly #published = new Map<string, number>()
  readonly #texts: Parsed[] = []
  readonly #orders: { name: string; at: number; by: Parsed }[] = []
  readonly #forged = new Map<string, Forgery>()

  constructor({ access, clients }: { access: number; clients: number }) {
    const signer = this.makeKey()
    const keyList = this.signList(1, [signer])
    const first = signSnapshot(signer, firstSnapshotBody({ stamp: STAMP, madeAt: this.now(), keyList }))
    const tables = { flags: {}, evaluators: {}, metadata: {} }
    this.truth = { root: this.root, signer, keyList, tables, log: [], newest: first }
    this.backup = this.truth
    this.history.push(this.truth)
    this.remember(first, [])
    const pin = this.root.fingerprint
    this.access = Array.from({ length: access }, (_, index) => ({ ...holder(`access ${index}`, pin), known: [] }))
    this.clients = Array.from({ length: clients }, (_, index) => holder(`client ${index}`, index % 2 ? pin : undefined))
  }

  now = () => new Date(this.nowMs)

  makeKey = () => makeSigningKey(`key_${++this.#keys}`)

  signList(number: number, keys: SigningPair[]): SignedKeyList {
    const list: KeyList = { ...STAMP, number, keys: keys.map((key) => key.public) }
    const signed = signKeyList(this.root, list)
    this.lists.push(signed)
    return signed
  }

  newList = (keys: SigningPair[]) => this.signList(nextKeyListNumber(this.lists), keys)

  /** Offers a snapshot, as a delivery or a start does; what is accepted is looked at by the watcher. */
  offer(to: Holder, offered: Parsed): Judged {
    const judged = judgeSnapshot(to.held, offered, to.trust, remembering)
    if (judged.outcome !== 'accepted') return judged
    this.#watch(to, offered)
    to.before = to.held
    to.held = offered
    to.trust = judged.trust
    to.seen.push(offered)
    return judged
  }

  /** What access has after it looked at the database: of its disk what is as new. */
  catchUp(process: AccessProcess): boolean {
    if (!this.truth.newest) return false
    this.offer(process, this.truth.newest)
    return process.held?.text === this.truth.newest.text
  }

  /** The one transaction. `false`: refused, and nothing was changed. */
  publish(process: AccessProcess, changes: Change[], stale?: Parsed): boolean {
    const { newest, signer, keyList, tables } = this.truth
    if (!this.catchUp(process) || !newest || !signer || !keyList) return false
    const after = fold(tables, changes)
    const folded = nextSnapshotBody({ previous: stale ?? newest, changes, madeAt: this.now(), keyList })
    // As a careless writer would make it: from the tables, whatever became of them.
    const next = { ...folded, ...after, count: Object.keys(after.flags).length }
    const rows = changes.map((change) => ({ ...change, epoch: next.epoch, seq: next.seq, deed: 'change' }))
    if (!mayFollow({ lastSigned: newest, next, rows, known: process.known }).may) return false
    const signed = signSnapshot(signer, next)
    for (const told of process.known)
      assert.ok(
        compareNumbers(told, newest.body) <= 0,
        `${process.name} signed on, and had been told of ${sayNumber(told)}`,
      )
    this.#watchSigning(newest, signed, changes)
    this.commit({ ...this.truth, tables: after, log: [...this.truth.log, ...rows], newest: signed }, changes)
    return true
  }

  commit(truth: Truth, changes: readonly Change[]): void {
    this.truth = truth
    this.history.push(truth)
    this.remember(truth.newest!, changes)
  }

  remember(published: Parsed, changes: readonly Change[]): void {
    this.#time += 1
    this.#published.set(published.header.digest, this.#time)
    this.#texts.push(published)
    for (const { kind, key, after } of changes)
      if (kind !== 'set' && after === null)
        this.#orders.push({ name: nameOf({ kind, key }), at: this.#time, by: published })
  }

  forge(key: SigningPair, made: Parsed, isSeenThrough: boolean): Parsed {
    if (!this.#published.has(made.header.digest))
      this.#forged.set(made.header.digest, { kid: key.public.kid, isSeenThrough })
    return made
  }

  isPublished = (text: Parsed) => this.#published.has(text.header.digest)

  published = (): readonly Parsed[] => this.#texts

  /** Whether what is offered was made of what this one holds, by one honest snapshot after the other: then it has to be taken. */
  hasToFollow({ held, trust }: Holder, offered: Parsed): boolean {
    const line = new Set<string>()
    const texts = new Map(this.#texts.map((text) => [text.header.digest, text]))
    for (let text: Parsed | undefined = offered; text; text = texts.get(text.body.previous_digest ?? ''))
      line.add(text.header.digest)
    return [held?.header.digest, trust.newest?.digest].every((digest) => digest === undefined || line.has(digest))
  }

  /** Whether somebody ordered the end of this key after that snapshot: later, or under a number that comes after it. */
  wasOrdered(name: KeyName, since: Parsed): boolean {
    const at = this.#published.get(since.header.digest) ?? 0
    const orders = this.#orders.filter((order) => order.name === nameOf(name))
    return orders.some((order) => order.at > at || compareNumbers(order.by.body, since.body) > 0)
  }

  /** Never a wrong answer accepted. */
  #watch(who: Holder, offered: Parsed): void {
    const what = `${who.name} took ${sayNumber(offered.body)}`
    for (const seen of who.seen) {
      const order = compareNumbers(offered.body, seen.body)
      const isSame = offered.header.digest === seen.header.digest
      assert.ok(order > 0 || (order === 0 && isSame), `${what} after ${sayNumber(seen.body)}`)
    }
    if (!this.isPublished(offered)) {
      const forgery = this.#forged.get(offered.header.digest)
      assert.ok(
        forgery && !forgery.isSeenThrough && this.#mayBeFooled(who, forgery.kid),
        `${what}, which nobody published`,
      )
      return
    }
    if (!who.held || !this.isPublished(who.held)) return
    const { flags, evaluators } = offered.body
    for (const name of namesIn(who.held.body)) {
      const isThere = Object.hasOwn(name.kind === 'flag' ? flags : evaluators, name.key)
      assert.ok(isThere || this.wasOrdered(name, who.held), `${what}, and lost ${nameOf(name)} that nobody deleted`)
    }
  }

  /** A stolen key is as good as ours to whoever has not seen the list that replaced it. Nobody can help them. */
  #mayBeFooled(who: Holder, kid: string): boolean {
    const newest = Math.max(0, ...who.seen.map(({ keyList }) => keyList.number))
    const lists = this.lists.map(({ text }) => JSON.parse(text) as KeyList)
    return lists.some(({ number, keys }) => number >= newest && keys.some((key) => key.kid === kid))
  }

  /** Access never makes a wipe the truth: what is other than before was ordered in this very transaction. */
  #watchSigning(before: Parsed, after: Parsed, changes: readonly Change[]): void {
    const ordered = new Set(changes.map(({ kind, key }) => `${kind} ${key}`))
    const say = ({ body }: Parsed) =>
      new Map(
        namesIn(body).map((name) => [
          nameOf(name),
          JSON.stringify(name.kind === 'flag' ? body.flags[name.key] : body.evaluators[name.key]),
        ]),
      )
    const [old, made] = [say(before), say(after)]
    for (const name of new Set([...old.keys(), ...made.keys()]))
      assert.ok(
        old.get(name) === made.get(name) || ordered.has(name),
        `access signed a change of ${name} that nobody made`,
      )
  }
}

const holder = (name: string, pin: string | undefined): Holder => ({
  name,
  trust: trustFor({ environment: STAMP.environment, installationId: STAMP.installation_id, pin }),
  held: undefined,
  before: undefined,
  seen: [],
})

/** The same text is judged by many here; its signature is looked at once. */
const known = new Map<string, boolean>()
const remembering: Seals = {
  sha256: nodeSeals.sha256,
  verify(key, text, signature) {
    const name = createHash('sha256').update(`${key.x} ${key.y} ${signature} ${text}`).digest('base64')
    const answer = known.get(name) ?? nodeSeals.verify(key, text, signature)
    known.set(name, answer)
    return answer
  },
}
