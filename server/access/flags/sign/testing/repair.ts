import assert from 'node:assert/strict'
import { authorFault } from '../../../../../sdk/flags/judge-snapshot.ts'
import { nodeSeals } from '../../../../../sdk/flags/node-seals.ts'
import { epochMax } from '../../../../../sdk/flags/number-fault.ts'
import { compareNumbers, type KeyList, type Parsed } from '../../../../../sdk/flags/snapshot.ts'
import { changesTo } from '../changes-to.ts'
import { mayFollow } from '../may-follow.ts'
import { type Change, epochAfter, type FlagState, nextSnapshotBody } from '../next-snapshot-body.ts'
import { nextKeyListNumber } from '../sign-key-list.ts'
import { signSnapshot } from '../sign-snapshot.ts'
import type { AccessProcess, Fleet } from './fleet.ts'

export interface Repair {
  /** To what the database has now, or to the greatest snapshot that is known. */
  to: 'database' | 'greatest'
  /** Whose disks whoever repairs can look at. */
  processes: AccessProcess[]
}

/** `holdfast flags restore` and `adopt`: what an operator does, knowing what is told here and nothing else. */
export function repair(fleet: Fleet, { to, processes }: Repair): void {
  const texts = known(fleet, processes)
  // Nothing is left anywhere: the oldest backup is put back, and everything goes on from there.
  if (texts.length === 0) fleet.truth = fleet.history[0]!
  if (texts.length === 0) texts.push(fleet.truth.newest!)
  const previous = texts.reduce(greater)
  const state = stateFor(fleet, to, texts)
  const reported = [...fleet.reported.values()]
  const { claims: claimed } = fleet
  const lists = texts.map(({ body }) => body.key_list)
  const nextList = nextKeyListNumber(
    lists,
    claimed.map(({ keyListNumber }) => keyListNumber),
  )
  const epoch = epochAfter({ known: texts.map(({ body }) => body), claimed, keyListNumber: nextList - 1 })
  const keys = keysFor(fleet, { nextList, epoch })
  const differences = changesTo(state, { previous, known: texts, reported })
  const changes: Change[] = differences.length > 0 ? differences : [{ kind: 'set', key: '', after: state.metadata }]
  const next = nextSnapshotBody({ previous, changes, madeAt: fleet.now(), keyList: keys.keyList, epoch })
  const rows = changes.map((change) => ({ ...change, epoch, seq: 1, deed: 'restore' }))
  const verdict = mayFollow({ lastSigned: previous, next, rows, known: texts.map(({ body }) => body) })
  assert.deepEqual(verdict, { may: true }, 'a restore has to be possible')
  assert.deepEqual({ ...next.flags }, { ...state.flags }, 'a restore ends with what was asked for')
  const newest = signSnapshot(keys.signer, next)
  const log = [...fleet.truth.log, ...rows]
  // Whoever restores says that what is not in it shall be gone, and is shown all of that: also what a thief had buried.
  const ends = next.tombstones.map(({ kind, key }): Change => ({ kind, key, after: null }))
  fleet.commit({ root: fleet.root, ...keys, tables: state, log, newest }, ends)
  for (const process of processes) {
    process.known = []
    fleet.catchUp(process)
  }
}

function known(fleet: Fleet, processes: AccessProcess[]): Parsed[] {
  const texts = [
    fleet.truth.newest,
    ...processes.flatMap(({ held, before }) => [held, before]),
    ...fleet.evidence.values(),
  ]
  const trust = fleet.access[0]!.trust
  return texts.filter((text) => text !== undefined).filter((text) => !authorFault(text, trust, nodeSeals))
}

/** People look at what they restore: nobody picks what a thief made. */
function stateFor(fleet: Fleet, to: Repair['to'], texts: Parsed[]): FlagState {
  const honest = texts.filter(fleet.isPublished)
  if (honest.length === 0 || (to === 'database' && fleet.truth.newest)) return fleet.truth.tables
  const { flags, evaluators, metadata } = honest.reduce(greater).body
  return { flags, evaluators, metadata }
}

/** A database that was set back has neither the newest list nor its private key; what is known as stolen is replaced. */
function keysFor(fleet: Fleet, { nextList, epoch }: { nextList: number; epoch: number }) {
  const { signer, keyList } = fleet.truth
  const own = keyList && (JSON.parse(keyList.text) as KeyList)
  const isStolen = fleet.isTheftKnown && own?.keys.some(({ kid }) => kid === fleet.stolen?.key.public.kid)
  if (signer && keyList && own && own.number === nextList - 1 && !isStolen && epoch <= epochMax(own.number))
    return { signer, keyList }
  const fresh = fleet.makeKey()
  return { signer: fresh, keyList: fleet.signList(Math.max(nextList, (own?.number ?? 0) + 1), [fresh]) }
}

const greater = (one: Parsed, other: Parsed) => (compareNumbers(one.body, other.body) < 0 ? other : one)
