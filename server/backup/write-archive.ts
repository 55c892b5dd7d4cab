import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createZstdCompress } from 'node:zlib'
import { Encrypter } from 'age-encryption'
import { packTar } from 'modern-tar'
import { CHUNK_BYTES, HEAD, type Head, MANIFEST, type Manifest, type Part, tableName } from './archive.ts'
import type { Snapshot } from './snapshot.ts'

/** Of the data folder: ends and deletions that the database may not know, and the demo's key. All else is read anew. */
export const KEPT_FILES = [
  'access/revocations.jsonl',
  'access/pending-ends.json',
  'access/tombstones.jsonl',
  'demo/key',
]

export interface Contents {
  head: Head
  snapshot: Snapshot
  dataFolder: string
  /** Told of each portion that was read from the database, before compression. */
  onRead(table: string, bytes: number): void
}

/** The archive as a stream of encrypted bytes; nothing of it touches a disk in the open, and little is in memory. */
export async function encryptedArchive(
  contents: Contents,
  recipient: string,
): Promise<{ bytes: AsyncIterable<Uint8Array>; manifest: () => Manifest }> {
  const manifest: Manifest = { tables: [], files: [], sequences: contents.snapshot.sequences }
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  const bytes = await encrypter.encrypt(ReadableStream.from(tarOf(contents, manifest)) as ReadableStream<Uint8Array>)
  return { bytes: bytes as unknown as AsyncIterable<Uint8Array>, manifest: () => manifest }
}

async function* tarOf(contents: Contents, manifest: Manifest): AsyncGenerator<Uint8Array> {
  const { head, snapshot, dataFolder } = contents
  yield await entry(HEAD, jsonBytes(head))
  for (const table of snapshot.tables) {
    const { schema, table: name, columns } = table
    const { rows, bytes } = snapshot.read(table)
    const part = yield* chunksOf(`tables/${tableName(table)}`, counted(bytes, tableName(table), contents.onRead))
    const newest = await snapshot.newest(table)
    manifest.tables.push({ ...part, schema, table: name, columns, rows: rows(), newest })
  }
  for (const file of KEPT_FILES) {
    const path = join(dataFolder, file)
    if (existsSync(path)) manifest.files.push(yield* chunksOf(`files/${file}`, createReadStream(path)))
  }
  yield await entry(MANIFEST, jsonBytes(manifest))
  yield new Uint8Array(TAR_END)
}

const jsonBytes = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 1)}\n`)

async function* counted(bytes: AsyncIterable<Buffer>, table: string, onRead: Contents['onRead']) {
  for await (const portion of bytes) {
    onRead(table, portion.length)
    yield portion
  }
}

/** Compresses, and cuts what comes out into tar entries: a tar has to tell each size before the bytes. */
async function* chunksOf(name: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array, Part> {
  const digest = createHash('sha256')
  let total = 0
  let number = 0
  let held: Buffer[] = []
  let heldBytes = 0
  const source = Readable.from(bytes)
  const compressed = source.compose(createZstdCompress()) as AsyncIterable<Buffer>
  const flush = () => {
    const chunk = Buffer.concat(held)
    held = []
    heldBytes = 0
    return entry(`${name}/${String(number++).padStart(6, '0')}`, chunk)
  }
  for await (const portion of compressed) {
    digest.update(portion)
    total += portion.length
    held.push(portion)
    heldBytes += portion.length
    if (heldBytes >= CHUNK_BYTES) yield await flush()
  }
  if (heldBytes > 0) yield await flush()
  return { name, bytes: total, sha256: digest.digest('hex') }
}

const TAR_END = 1024

/** One entry, without the end that the library puts behind each archive. */
async function entry(name: string, content: Buffer): Promise<Uint8Array> {
  const header = { name, size: content.length, mode: 0o600, mtime: new Date(0) }
  const tar = await packTar([{ header, body: content }])
  return tar.subarray(0, tar.length - TAR_END)
}
