/**
 * What an archive is: a tar of `head.json`, the tables and files in chunks, and `manifest.json` at its end; encrypted with
 * age for the recovery key, and signed beside it in `<name>.sig`. `docs/decisions` says why.
 */

export const FORMAT = 1

/** The tar entries that are not chunks. */
export const HEAD = 'head.json'
export const MANIFEST = 'manifest.json'
/** Of a table or file, compressed, in one tar entry: what is held in memory while writing and reading. */
export const CHUNK_BYTES = 4 * 1024 * 1024

export interface Stamp {
  environment: string
  installationId: string
}

export interface MigrationRow {
  schema: string
  name: string
  checksum: string
}

/** What restoring has to know before the first row. */
export interface Head {
  format: number
  holdfast: string
  postgres: string
  stamp: Stamp
  /** The instant that the archive shows, by the database's own clock. */
  snapshotAt: string
  walPosition: string
  migrations: MigrationRow[]
  /** Tells whether a secret file at hand is the right one; a keyed check value, never the secret. */
  secretFingerprint: string
  /** The content of the secret file; null: it was left out. */
  secret: string | null
}

/** One stream of compressed bytes, in chunks named `<name>/<six digits>`. */
export interface Part {
  name: string
  bytes: number
  sha256: string
}

export interface TablePart extends Part {
  schema: string
  table: string
  columns: string[]
  rows: number
  /** The newest value of the column that tells time; null: no rows, or no such column. */
  newest: { column: string; at: string } | null
}

export interface SequencePosition {
  schema: string
  name: string
  last: string
}

export interface Manifest {
  tables: TablePart[]
  files: Part[]
  sequences: SequencePosition[]
}

export const tableName = ({ schema, table }: { schema: string; table: string }) => `${schema}.${table}`
export const rowsOf = (manifest: Manifest) => manifest.tables.reduce((sum, { rows }) => sum + rows, 0)

/** Beside each archive, written last: an archive without it is none. */
export interface Seal {
  format: number
  archive: string
  size: number
  sha256: string
  snapshotAt: string
  environment: string
  installationId: string
  /** Ed25519, base64url: the public half, and the signature over everything above. */
  signer: string
  signature: string
}

const NAME = /^holdfast-([a-z][a-z0-9-]{0,30})-(\d{8}T\d{6}Z)\.tar\.age$/
export const isArchiveName = (name: string) => NAME.test(name)
export const environmentOf = (name: string) => NAME.exec(name)?.[1]
export const sealName = (archive: string) => `${archive}.sig`

/** Names sort as their instants do. */
export function archiveName(environment: string, at: Date): string {
  const stamp = at.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')
  return `holdfast-${environment}-${stamp}.tar.age`
}
