/**
 * A signing double of the flags of access: its own root and signing key, and whatever it is told to serve, good or bad.
 * It imports nothing of the server's signing: whether the two agree is tested in integration.test.ts.
 */
import { generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { FlagsEvent } from '../contract.ts'
import type { FlagDefinition } from '../flags/definition.ts'
import { fingerprintOf } from '../flags/seals.ts'
import { nodeSeals } from '../flags/node-seals.ts'
import {
  bodyTextOf,
  type FlagKey,
  KEY_LIST_TYPE,
  type RootKey,
  type SignedKeyList,
  SNAPSHOT_CONTENT_TYPE,
  SNAPSHOT_TYPE,
  type SnapshotBody,
  type Tombstone,
} from '../flags/snapshot.ts'

interface Pair {
  public: RootKey
  privateKey: KeyObject
}

export interface MadeSnapshot {
  text: string
  digest: string
  body: SnapshotBody
}

export interface FlagReport {
  instance: string
  epoch: number
  seq: number
  source: string
  age_ms: number | null
  faults: { code: string; detail: string; missing?: { kind: string; key: string }[] }[]
  fallbacks: Record<string, number>
  key_list_number: number | null
  holds?: { digest: string; keys: { kind: string; key: string }[] }
}

export type Definitions = Record<string, FlagDefinition>

/** A flag that is on for everybody. */
export const on = (metadata?: FlagDefinition['metadata']): FlagDefinition => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'on',
  ...(metadata && { metadata }),
})
export const off = (metadata?: FlagDefinition['metadata']): FlagDefinition => ({
  ...on(metadata),
  defaultVariant: 'off',
})
export const many = (count: number, flag = on()): Definitions =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`flag-${index}`, flag]))

/** Whoever can sign for an installation. */
export class Signer {
  readonly root = makePair()
  key = makePair()
  kid = 'fk_1'
  listNumber = 1
  readonly environment: string
  readonly installationId: string
  #list: SignedKeyList | undefined

  constructor({ environment = 'test', installationId = 'ins_test' } = {}) {
    this.environment = environment
    this.installationId = installationId
  }

  get fingerprint(): string {
    return fingerprintOf(this.root.public, nodeSeals)
  }

  /** Another key signs from now on, and the one before it is on the list no more. */
  rotate(): void {
    this.key = makePair()
    this.listNumber += 1
    this.kid = `fk_${this.listNumber}`
    this.#list = undefined
  }

  /** The same text for as long as nothing is rotated. */
  keyList(): SignedKeyList {
    const { environment, installationId: installation_id, listNumber: number, kid } = this
    const keys: FlagKey[] = [{ kid, ...this.key.public }]
    const text = JSON.stringify({ installation_id, environment, number, keys })
    this.#list ??= { text, signature: seal(this.root, `${KEY_LIST_TYPE}\n${text}`), root: this.root.public }
    return this.#list
  }

  /** As access signs what it has evaluated: `<kid>.<signature>`. */
  signAnswers({ person, number, text }: { person: string; number: string; text: string }): string {
    const digestOf = (what: string) => hash('sha256', what, 'base64url')
    const { environment, installationId } = this
    const digest = digestOf(`${environment}\n${text}`)
    const said = ['holdfast-answers-1', installationId, environment, number, digestOf(person), digest].join('\n')
    return `${this.kid}.${seal(this.key, said)}`
  }

  make(flags: Definitions, more: Partial<SnapshotBody> = {}): MadeSnapshot {
    const { environment, installationId: installation_id } = this
    const body: SnapshotBody = {
      ...{ environment, installation_id, epoch: 1, seq: 1, made_at: '2026-11-21T10:00:00Z' },
      ...{
        count: Object.keys(flags).length,
        previous_digest: null,
        flags,
        evaluators: {},
        metadata: {},
        tombstones: [],
      },
      key_list: this.keyList(),
      ...more,
    }
    const text = bodyTextOf(body)
    const digest = hash('sha256', text, 'base64url')
    const signature = seal(this.key, `${SNAPSHOT_TYPE}\n${text}`)
    const header = { typ: SNAPSHOT_TYPE, kid: this.kid, alg: 'ES256', digest, signature }
    return { text: `${JSON.stringify(header)}\n${text}\n`, digest, body }
  }
}

export class FlagsDouble {
  readonly signer = new Signer()
  served: MadeSnapshot | undefined
  readonly reports: FlagReport[] = []
  /** Of requests for the snapshot, what they said they had and what they were answered. */
  readonly fetches: { etag: string | undefined; status: number }[] = []
  /** What access says of the age of what it serves. */
  ageMs: number | null = 0
  readonly #tell: (event: FlagsEvent) => void

  constructor(tell: (event: FlagsEvent) => void) {
    this.#tell = tell
  }

  get event(): FlagsEvent | undefined {
    if (!this.served) return undefined
    const { body, digest } = this.served
    return { epoch: body.epoch, seq: body.seq, digest, age_ms: this.ageMs }
  }

  /** The next good snapshot: numbered, and with a tombstone for what is gone. */
  publish(flags: Definitions, more: Partial<SnapshotBody> = {}): MadeSnapshot {
    const before = this.served?.body
    const seq = (before?.seq ?? 0) + 1
    const gone: Tombstone[] = Object.keys(before?.flags ?? {})
      .filter((key) => !(key in flags))
      .map((key) => ({ kind: 'flag', key, epoch: 1, seq, at: '2026-11-21T10:00:00Z' }))
    const kept = (before?.tombstones ?? []).filter(({ key }) => !(key in flags))
    return this.serve(this.next(flags, { tombstones: [...kept, ...gone], ...more }))
  }

  /** What comes after what is served, by whoever signs, and without a word about what is gone. */
  next(flags: Definitions, more: Partial<SnapshotBody> = {}, signer = this.signer): MadeSnapshot {
    const seq = (this.served?.body.seq ?? 0) + 1
    return signer.make(flags, { seq, previous_digest: this.served?.digest ?? null, ...more })
  }

  /** Whatever it is. */
  serve(snapshot: MadeSnapshot): MadeSnapshot {
    this.served = snapshot
    this.announce()
    return snapshot
  }

  announce(): void {
    if (this.event) this.#tell(this.event)
  }

  answer(asked: { path: string; headers: IncomingHttpHeaders; body: string }, response: ServerResponse): void {
    if (asked.path === '/v1/flags/reports') {
      this.reports.push(JSON.parse(asked.body) as FlagReport)
      response.writeHead(204).end()
      return
    }
    const etag = asked.headers['if-none-match']
    const status = !this.served ? 503 : etag === `"${this.served.digest}"` ? 304 : 200
    this.fetches.push({ etag, status })
    const headers = this.ageMs === null ? {} : { 'holdfast-flags-age': String(this.ageMs) }
    if (!this.served) {
      response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' }).end('{}')
    } else if (status === 304) {
      response.writeHead(304, { ...headers, etag }).end()
    } else {
      const content = { 'content-type': SNAPSHOT_CONTENT_TYPE, 'content-encoding': 'gzip' }
      response.writeHead(200, { ...headers, ...content, etag: `"${this.served.digest}"` })
      response.end(gzipSync(this.served.text))
    }
  }
}

function makePair(): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string }
  return { public: { kty: 'EC', crv: 'P-256', x, y }, privateKey }
}

const seal = ({ privateKey }: Pair, text: string) =>
  sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')
