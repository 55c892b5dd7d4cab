import type { Secret } from '../../platform/secret.ts'
import { type Application, type ApplicationRow, onUnknownDefault } from './application.ts'
import { keptBrand } from './brand.ts'
import { SEAL_PURPOSE } from './new-key.ts'

/** One of at most two keys: the newest, and for a while the one before it. */
export interface KnownKey {
  /** Base64: what it is found by. */
  digest: string
  forwardKey: Buffer | null
  /** Null: as long as no other is made. */
  validUntil: Date | null
}

export interface Known extends Application {
  keys: readonly KnownKey[]
}

export const isGood = ({ validUntil }: Pick<KnownKey, 'validUntil'>, now: Date) =>
  validUntil === null || validUntil > now

/** Of the database or of the disk; a file of the previous release says less, and the rest is as it was then. */
export function readRows(rows: readonly KeptRow[], secret: Secret): Known[] {
  const unsealed = (sealed: string | null | undefined) =>
    sealed ? Buffer.from(secret.unseal(SEAL_PURPOSE, sealed), 'base64') : null
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    origins: row.origins,
    on_unknown: {
      policy: row.on_unknown_policy ?? onUnknownDefault.policy,
      max_age_s: row.on_unknown_max_age_s ?? onUnknownDefault.max_age_s,
    },
    brand: keptBrand(row.brand ?? {}),
    keys: [
      ...(row.key_digest
        ? [{ digest: row.key_digest, forwardKey: unsealed(row.forward_key_sealed), validUntil: null }]
        : []),
      ...(row.previous_key_digest && row.previous_key_valid_until
        ? [
            {
              digest: row.previous_key_digest,
              forwardKey: unsealed(row.previous_forward_key_sealed),
              validUntil: new Date(row.previous_key_valid_until),
            },
          ]
        : []),
    ],
  }))
}

type KeptRow = Pick<ApplicationRow, 'id' | 'name' | 'origins'> & Partial<ApplicationRow>

/** Undefined: damaged. */
export function readKept(text: string): KeptRow[] | undefined {
  try {
    const rows = JSON.parse(text) as unknown
    return Array.isArray(rows) && rows.every((row) => typeof row?.id === 'string') ? rows : undefined
  } catch {
    // Not JSON is one more way to be damaged; the caller says so.
    return undefined
  }
}
