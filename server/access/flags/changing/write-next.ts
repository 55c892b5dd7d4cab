import type { KeyList, Parsed, SignedKeyList, SnapshotNumber } from '../../../../sdk/flags/snapshot.ts'
import type { By } from '../../../ground/audit/index.ts'
import { type Queries, sqlStateOf } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/id.ts'
import type { Deed, FlagNumber, LogKind, Row } from '../entry.ts'
import { signerFor } from '../following/key-ring.ts'
import { type Head, keepSnapshot, readKeys } from '../following/queries.ts'
import { pack } from '../following/served.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { mayFollow } from '../sign/may-follow.ts'
import { nextSnapshotBody } from '../sign/next-snapshot-body.ts'
import { signSnapshot } from '../sign/sign-snapshot.ts'
import type { Changed } from './change-flags.ts'
import { changeOf } from './change-of.ts'
import { intend } from './intend-deletion.ts'
import * as queries from './queries.ts'

export interface Next {
  previous: Parsed
  head: Head
  known: readonly SnapshotNumber[]
  rows: readonly Row[]
  by: By
  deed: Deed
  reason?: string | null | undefined
  confirm?: number | undefined
  keyList?: SignedKeyList
  /** A new one begins: of a restore. */
  epoch?: number
}

/** What an audit entry and a signal name; more are a number. */
const KEYS_SAID = 20
/** The trigger on the log: more deletions than a minute may have. */
const TOO_MANY = 'HF003'

/** Rows, entries, snapshot and head, in this order: what refuses comes before what others can see. */
export async function writeNext(parts: Parts, tx: Queries, next: Next): Promise<Changed> {
  const { clock, secret } = parts
  const { previous, head, known, rows, by, deed, reason = null, epoch, keyList } = next
  const at = clock.now()
  const changeId = newId('chg', at)
  const changes = rows.map(changeOf)
  const body = nextSnapshotBody({
    previous,
    changes,
    madeAt: at,
    ...(keyList && { keyList }),
    ...(epoch !== undefined && { epoch }),
  })
  const number = { epoch: body.epoch, seq: body.seq }
  const logged = changes.map((change) => ({ ...change, ...number, deed }))
  const follows = mayFollow({ lastSigned: previous, next: body, rows: logged, known })
  if (!follows.may) throw refuse('held', { fault: 'behind', sentence: follows.sentence })

  const intentId = await intend(tx, { ...next, changeId })
  const said = { ...number, changeId, at, deed, byKind: by.kind, byId: by.id, reason, intentId }
  await append(tx, rows, { ...said, firstId: head.changes + 1 })
  await putEntries(tx, rows, { ...number, at, by: by.id })

  const list = JSON.parse(body.key_list.text) as KeyList
  const signer = signerFor(await readKeys(tx), secret, list)
  if (!signer) throw refuse('no_keys')
  const signed = signSnapshot(signer, body)
  const { digest } = signed.header
  await keepSnapshot(tx, { ...number, digest, madeAt: body.made_at, packed: await pack(signed.text) })
  await queries.putHead(tx, { ...number, digest, changes: head.changes + rows.length, whole_from: head.whole_from }, at)
  await tell(parts, tx, { ...next, changeId, number })
  return { change_id: changeId, number, digest, keys: rows.map(({ key }) => key) }
}

async function append(tx: Queries, rows: readonly Row[], said: queries.Appended): Promise<void> {
  try {
    await queries.appendChanges(tx, rows, said)
  } catch (error) {
    if (sqlStateOf(error) === TOO_MANY) throw refuse('too_many_deletions')
    throw error
  }
}

async function putEntries(
  tx: Queries,
  rows: readonly Row[],
  said: FlagNumber & { at: Date; by: string },
): Promise<void> {
  const puts = rows.flatMap(({ kind, key, after, entry }) =>
    entry === 'put' && after ? [{ kind, key, ...after }] : [],
  )
  if (puts.length > 0) await queries.putEntries(tx, puts, said)
  for (const kind of ['flag', 'evaluator'] satisfies LogKind[]) {
    const keysOf = (entry: Row['entry']) =>
      rows.filter((row) => row.kind === kind && row.entry === entry).map(({ key }) => key)
    const [archived, deleted] = [keysOf('archive'), keysOf('delete')]
    if (archived.length > 0) await queries.archiveEntries(tx, { kind, keys: archived, ...said })
    if (deleted.length > 0) await queries.deleteEntries(tx, { kind, keys: deleted })
  }
}

async function tell(
  { audit, signal }: Parts,
  tx: Queries,
  { rows, by, deed, reason, changeId, number }: Next & { changeId: string; number: FlagNumber },
): Promise<void> {
  const [only] = rows.length === 1 ? rows : []
  const keys = rows.slice(0, KEYS_SAID).map(({ key }) => key)
  const facts = { ...number, change_id: changeId, keys, count: rows.length, ...(reason && { reason }) }
  const subject = only && only.kind !== 'set' ? { kind: only.kind, id: only.key } : { kind: 'flags', id: changeId }
  await audit(tx, { by, action: `flags.${deed}`, subject, facts })
  await signal(tx, { kind: 'flags.changed', subject: 'flags', facts: { ...number, deed, keys, count: rows.length } })
}
