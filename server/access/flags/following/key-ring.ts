import type { KeyList, RootKey } from '../../../../sdk/flags/snapshot.ts'
import { readFileIfThere, replaceFile } from '../../../platform/durable-file.ts'
import type { Secret } from '../../../platform/secret.ts'
import { exportPrivate, openRoot, openSigningKey, type RootPair, type SigningPair } from '../sign/make-keys.ts'
import type { KeyRow } from './queries.ts'

/** The keys as this process last read them; sealed on its own disk too, so that a wipe of the tables does not take them. */
export interface KeyRing {
  root(): RootPair | undefined
  rows(): readonly KeyRow[]
  /** As the tables have them. What they lack and we have stays here. */
  take(rows: readonly KeyRow[]): Promise<void>
}

const PURPOSE = 'flags keys'
const PRIVATE_PURPOSE = 'flags private key'

export async function openKeyRing({ secret, file }: { secret: Secret; file: string }): Promise<KeyRing> {
  const sealed = await readFileIfThere(file)
  let rows: readonly KeyRow[] = sealed ? (JSON.parse(secret.unseal(PURPOSE, sealed)) as KeyRow[]) : []
  let root = rootOf(rows, secret)
  return {
    root: () => root,
    rows: () => rows,
    async take(found) {
      // The root is made once. Whoever puts another into the tables is not followed, here neither.
      const own = root ? found.filter(({ kind }) => kind !== 'root') : found
      const known = new Map([...rows, ...own].map((row) => [row.kid, row]))
      const text = JSON.stringify([...known.values()])
      if (text === JSON.stringify(rows)) return
      rows = JSON.parse(text) as KeyRow[]
      root = rootOf(rows, secret)
      await replaceFile(file, secret.seal(PURPOSE, text))
    },
  }
}

function rootOf(rows: readonly KeyRow[], secret: Secret): RootPair | undefined {
  const row = rows.find(({ kind }) => kind === 'root')
  return row && openRoot(secret.unseal(PRIVATE_PURPOSE, row.private_sealed))
}

/** The root that everybody trusts already; one that somebody put beside it signs nothing. */
export function rootFor(rows: readonly KeyRow[], secret: Secret, trusted: RootKey): RootPair | undefined {
  return rows
    .filter(({ kind }) => kind === 'root')
    .map((row) => openRoot(secret.unseal(PRIVATE_PURPOSE, row.private_sealed)))
    .find(({ root }) => root.x === trusted.x && root.y === trusted.y)
}

/** The newest that the root lists; undefined: its private half is lost, or was never here. */
export function signerFor(rows: readonly KeyRow[], secret: Secret, { keys }: KeyList): SigningPair | undefined {
  const [row] = rows
    .filter(({ kind, kid }) => kind === 'signing' && keys.some((key) => key.kid === kid))
    .sort((one, other) => other.number - one.number)
  return row && openSigningKey(row.kid, secret.unseal(PRIVATE_PURPOSE, row.private_sealed))
}

interface NewRow {
  kid: string
  kind: KeyRow['kind']
  number: number
  at: Date
}

export function keyRow(pair: Pick<RootPair, 'privateKey'>, secret: Secret, { at, ...row }: NewRow): KeyRow {
  return { ...row, private_sealed: secret.seal(PRIVATE_PURPOSE, exportPrivate(pair.privateKey)), created_at: at }
}
