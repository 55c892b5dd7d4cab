/** Snapshots of an installation that exists in tests only, signed as access signs, or as somebody would who should not. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { digestOf } from '../node-seals.ts'
import {
  bodyTextOf,
  type FlagKey,
  type KeyList,
  type Parsed,
  parseSnapshot,
  type RootKey,
  type SignedKeyList,
  type SnapshotBody,
} from '../snapshot.ts'

export interface TestKey {
  public: RootKey
  privateKey: KeyObject
}

export function makeKey(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string }
  return { public: { kty: 'EC', crv: 'P-256', x, y }, privateKey }
}

export const signWith = ({ privateKey }: TestKey, text: string) =>
  sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')

export const ON = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' } as const

/** One installation: its root, and the keys that it ever had by name. */
export class TestInstallation {
  readonly environment: string
  readonly installation_id: string
  readonly root = makeKey()
  readonly #keys = new Map<string, TestKey>()

  constructor(environment = 'production', installation_id = 'ins_test') {
    this.environment = environment
    this.installation_id = installation_id
  }

  key(kid: string): TestKey {
    const known = this.#keys.get(kid) ?? makeKey()
    this.#keys.set(kid, known)
    return known
  }

  keyList(number: number, kids: string[], changes: Partial<KeyList> = {}): SignedKeyList {
    const { environment, installation_id } = this
    const keys: FlagKey[] = kids.map((kid) => ({ kid, ...this.key(kid).public }))
    const text = JSON.stringify({ installation_id, environment, number, keys, ...changes })
    return { text, signature: signWith(this.root, `holdfast-keys-1\n${text}`), root: this.root.public }
  }

  /** e1.s1 without flags, but for what is said. */
  body(changes: Partial<SnapshotBody> = {}): SnapshotBody {
    return {
      environment: this.environment,
      installation_id: this.installation_id,
      epoch: 1,
      seq: 1,
      made_at: '2026-11-21T08:00:00.000Z',
      count: Object.keys(changes.flags ?? {}).length,
      previous_digest: null,
      flags: {},
      evaluators: {},
      metadata: {},
      tombstones: [],
      key_list: this.keyList(1, ['key_1']),
      ...changes,
    }
  }

  text(body: SnapshotBody, kid = 'key_1', signedBy = kid): string {
    return this.signed(bodyTextOf(body), kid, signedBy)
  }

  /** Whatever it says. */
  signed(bodyText: string, kid = 'key_1', signedBy = kid): string {
    const signature = signWith(this.key(signedBy), `holdfast-flags-1\n${bodyText}`)
    const header = { typ: 'holdfast-flags-1', kid, alg: 'ES256', digest: digestOf(bodyText), signature }
    return `${JSON.stringify(header)}\n${bodyText}\n`
  }

  snapshot(changes: Partial<SnapshotBody> = {}, kid = 'key_1', signedBy = kid): Parsed {
    return parsed(this.text(this.body(changes), kid, signedBy))
  }
}

export function parsed(text: string): Parsed {
  const read = parseSnapshot(text)
  if ('fault' in read) throw new Error(`${read.fault}: ${read.detail}`)
  return read
}
