import type { KeySet } from '../../../sdk/contract.ts'
import { type Audit, BY_ITSELF, type By } from '../../ground/audit/index.ts'
import type { Signal } from '../../ground/signals/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queries } from '../../platform/database/index.ts'
import { readFileIfThere, replaceFile } from '../../platform/durable-file.ts'
import { newId } from '../../platform/id.ts'
import type { Secret } from '../../platform/secret.ts'
import * as queries from './signing-keys/queries.ts'
import { exportPrivate, importPrivate, makeSigningKey, type SigningKey, stateOf } from './signing-key.ts'

/**
 * The keys that sign and verify proofs. There are always two at least: the one that signs and the next, published since
 * the last rotation, so that every verifier has it long before it signs (reference: rotation without overlap signs
 * people out). Kept on disk, sealed: a start in an outage can verify and sign.
 */
export interface KeyRing {
  /** Undefined only when there never was a database and nothing lies on disk. */
  active(): SigningKey | undefined
  all(): readonly SigningKey[]
  /** The same object for as long as it holds the same keys. */
  published(now?: Date): KeySet
  /** Reads the keys, makes what is missing; true when something changed. */
  reload(): Promise<boolean>
  /** The next key signs from now on, and another is published after it. Returns the new signer's id. */
  rotate(by: string, caller?: By): Promise<string>
}

const KEYS_MAX = 100

export async function openKeyRing(options: {
  db: Database
  clock: Clock
  secret: Secret
  signal: Signal
  audit: Audit
  file: string
}): Promise<KeyRing> {
  const { db, clock, secret, signal, audit, file } = options
  let keys: SigningKey[] = []
  let keptText = (await readFileIfThere(file)) ?? ''
  let rowsText = ''
  let said: Published | undefined
  const fromRow = (row: queries.SigningKeyRow) => openRow(secret, row)
  if (keptText) keys = (JSON.parse(secret.unseal('key ring', keptText)) as queries.SigningKeyRow[]).map(fromRow)

  async function insert(tx: Queries, signFrom: Date): Promise<SigningKey> {
    const now = clock.now()
    const key = makeSigningKey(newId('key', now), { createdAt: now, signFrom })
    await queries.insertSigningKey(tx, sealedRow(secret, key))
    return key
  }

  /** Makes the signer and its successor where they are missing. */
  async function complete(tx: Queries): Promise<void> {
    await queries.lockSigningKeys(tx)
    const now = clock.now()
    const rows = (await queries.signingKeys(tx, KEYS_MAX)).map(fromRow)
    const active = rows.find((key) => stateOf(key, now) === 'active') ?? (await insert(tx, now))
    if (!rows.some((key) => stateOf(key, now) === 'next')) await insert(tx, active.signUntil)
  }

  const isComplete = (list: readonly SigningKey[]) => {
    const states = list.map((key) => stateOf(key, clock.now()))
    return states.includes('active') && states.includes('next')
  }

  async function reload(): Promise<boolean> {
    let rows = await queries.signingKeys(db, KEYS_MAX)
    if (!isComplete(rows.map(fromRow))) {
      await db.transaction(complete)
      rows = await queries.signingKeys(db, KEYS_MAX)
    }
    const text = JSON.stringify(rows)
    if (text === rowsText) return false
    rowsText = text
    keys = rows.map(fromRow)
    keptText = secret.seal('key ring', text)
    await replaceFile(file, keptText)
    return true
  }

  return {
    active() {
      const now = clock.now()
      const signers = keys.filter((key) => stateOf(key, now) === 'active')
      // In an outage over a planned rotation the old key goes on signing rather than nobody.
      return signers[0] ?? keys.find((key) => stateOf(key, now) === 'retiring')
    },
    all: () => keys,
    published(now = clock.now()) {
      const nowMs = now.getTime()
      const isSame = said?.of === keys && nowMs >= said.fromMs && nowMs < said.untilMs
      if (!isSame) said = publish(keys, now)
      return said!.set
    },
    reload,
    async rotate(by, caller = BY_ITSELF) {
      const now = clock.now()
      const kid = await db.transaction(async (tx) => {
        await complete(tx)
        const rows = (await queries.signingKeys(tx, KEYS_MAX)).map(fromRow)
        const active = rows.filter((key) => stateOf(key, now) === 'active')
        const next = rows.findLast((key) => stateOf(key, now) === 'next')
        if (!next) throw new Error('the ring was completed and has no next key')
        for (const key of active) await queries.moveSigningKey(tx, moved(key, key.signFrom, now))
        await queries.moveSigningKey(tx, moved(next, now, undefined))
        await complete(tx)
        await signal(tx, { kind: 'signing-key.rotated', subject: next.public.kid, facts: { by } })
        const subject = { kind: 'signing-key', id: next.public.kid }
        await audit(tx, { by: caller, action: 'signing-key.rotated', subject })
        return next.public.kid
      })
      await reload()
      return kid
    },
  }
}

interface Published {
  set: KeySet
  of: readonly SigningKey[]
  /** Until when none of them is withdrawn by time alone. */
  fromMs: number
  untilMs: number
}

function publish(of: readonly SigningKey[], now: Date): Published {
  const keys = of.filter((key) => stateOf(key, now) !== 'retired')
  const ends = keys.map(({ signFrom, signUntil, verifyUntil }) =>
    Math.max(signFrom.getTime(), signUntil.getTime(), verifyUntil.getTime()),
  )
  const set = { keys: keys.map((key) => key.public) }
  return { set, of, fromMs: now.getTime(), untilMs: Math.min(...ends, Number.POSITIVE_INFINITY) }
}

/** The private half is at rest under seal only. */
function openRow(secret: Secret, row: queries.SigningKeyRow): SigningKey {
  const { x, y } = row.public_jwk
  return {
    public: { kty: 'EC', crv: 'P-256', x, y, kid: row.kid, alg: 'ES256', use: 'sig' },
    privateKey: importPrivate(secret.unseal('signing key', row.private_sealed)),
    createdAt: new Date(row.created_at),
    signFrom: new Date(row.sign_from),
    signUntil: new Date(row.sign_until),
    verifyUntil: new Date(row.verify_until),
  }
}

function sealedRow(secret: Secret, key: SigningKey): queries.SigningKeyRow {
  return {
    kid: key.public.kid,
    public_jwk: { x: key.public.x, y: key.public.y },
    private_sealed: secret.seal('signing key', exportPrivate(key.privateKey)),
    created_at: key.createdAt,
    sign_from: key.signFrom,
    sign_until: key.signUntil,
    verify_until: key.verifyUntil,
  }
}

function moved(key: SigningKey, signFrom: Date, signUntil: Date | undefined) {
  const fresh = {
    signUntil: key.signUntil.getTime() - key.signFrom.getTime(),
    verifyAfter: key.verifyUntil.getTime() - key.signUntil.getTime(),
  }
  const until = signUntil ?? new Date(signFrom.getTime() + fresh.signUntil)
  return { kid: key.public.kid, signFrom, signUntil: until, verifyUntil: new Date(until.getTime() + fresh.verifyAfter) }
}
