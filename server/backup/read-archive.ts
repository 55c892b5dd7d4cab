import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createZstdDecompress } from 'node:zlib'
import { Decrypter } from 'age-encryption'
import { createTarDecoder } from 'modern-tar'
import { CHUNK_BYTES, FORMAT, HEAD, type Head, MANIFEST, type Manifest, type Part, type Seal } from './archive.ts'
import { openFolderTarget } from './folder-target.ts'
import type { RecoveryKey } from './recovery-key.ts'
import { BackupFailed, BackupRefused } from './refused.ts'
import { isSigned } from './signer.ts'
import { readSeal, type Target } from './target.ts'

/** An archive that was looked through from end to end: its signature, its digests, its manifest. */
export interface OpenArchive extends AsyncDisposable {
  name: string
  seal: Seal
  head: Head
  manifest: Manifest
  /** Once more from the start, part by part; each part's bytes have to be read before the next. */
  parts(): AsyncGenerator<{ name: string; bytes: AsyncGenerator<Uint8Array> }>
  /** The text of a file of the data folder; undefined when it was not there. */
  readFile(name: string): Promise<string | undefined>
}

interface Entry {
  name: string
  content: Uint8Array
}

/** More than a compressor puts on top of a full chunk. */
const ENTRY_BYTES_MAX = CHUNK_BYTES * 4
const MANIFEST_BYTES_MAX = 64 * 1024 * 1024

/**
 * Fetches, verifies and opens an archive; nothing is written anywhere but its own encrypted copy. `signer` is whom it has to
 * be signed by: somebody who can write into the target can make an archive, and a signature of their own beside it.
 */
export async function openArchive(options: {
  target: Target
  name: string
  key: RecoveryKey
  signer: string
}): Promise<OpenArchive> {
  const { target, name, key, signer } = options
  const seal = await readSeal(target, name)
  if (seal.archive !== name || !isSigned(seal)) {
    throw new BackupFailed(`The signature of ${name} does not hold: its seal was changed. Take another archive.`)
  }
  if (seal.signer !== signer) {
    throw new BackupFailed(
      `${name} was signed by another key (${seal.signer}) than that of this installation (${signer}). Do not restore it, unless you know why; then say --signed-by.`,
    )
  }
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-archive-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const local = openFolderTarget(folder)
    await fetchWhole(target, local, seal)
    const entries = () => entriesOf(local, name, key)
    const { head, manifest } = await lookThrough(name, entries())
    const parts = () => partsOf(entries())
    const readFile = (file: string) => textOf(parts(), `files/${file}`)
    return { name, seal, head, manifest, parts, readFile, [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** An encrypted copy on this machine: what is loaded later is what was verified. */
async function fetchWhole(target: Target, local: Target, seal: Seal): Promise<void> {
  const digest = createHash('sha256')
  let size = 0
  const source = await target.read(seal.archive)
  async function* counted() {
    for await (const portion of source) {
      digest.update(portion)
      size += portion.length
      yield portion
    }
  }
  await local.write(seal.archive, counted())
  if (size !== seal.size) {
    throw new BackupFailed(
      `${seal.archive} has ${size} bytes and was signed with ${seal.size}: it was cut off or added to.`,
    )
  }
  if (digest.digest('hex') !== seal.sha256) {
    throw new BackupFailed(`${seal.archive} is not what was signed: it was changed or damaged. Take another archive.`)
  }
}

async function* entriesOf(local: Target, name: string, key: RecoveryKey): AsyncGenerator<Entry> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(key.identity)
  const file = createReadStream(join(local.label, name))
  let plain: ReadableStream<Uint8Array>
  try {
    plain = await decrypter.decrypt(ReadableStream.from(file) as ReadableStream<Uint8Array>)
  } catch (error) {
    file.destroy()
    if (!/no identity matched/.test((error as Error).message)) throw error
    throw new BackupFailed(`This recovery key (${key.recipient}) does not open ${name}: it was made for another one.`)
  }
  for await (const { header, body } of plain.pipeThrough(createTarDecoder({ strict: true }))) {
    const limit = header.name === MANIFEST || header.name === HEAD ? MANIFEST_BYTES_MAX : ENTRY_BYTES_MAX
    if (header.size > limit) throw new BackupFailed(`${name} is no archive of Holdfast (${header.name}).`)
    yield { name: header.name, content: new Uint8Array(await new Response(body).arrayBuffer()) }
  }
}

async function lookThrough(name: string, entries: AsyncGenerator<Entry>): Promise<{ head: Head; manifest: Manifest }> {
  const digests = new Map<string, { hash: ReturnType<typeof createHash>; bytes: number }>()
  let head: Head | undefined
  let manifest: Manifest | undefined
  for await (const entry of entries) {
    if (entry.name === HEAD) {
      head = JSON.parse(Buffer.from(entry.content).toString()) as Head
      if (head.format > FORMAT) throw newer(name, head)
    } else if (entry.name === MANIFEST) {
      manifest = JSON.parse(Buffer.from(entry.content).toString()) as Manifest
    } else {
      const part = partOf(entry.name)
      const seen = digests.get(part) ?? { hash: createHash('sha256'), bytes: 0 }
      seen.hash.update(entry.content)
      digests.set(part, { ...seen, bytes: seen.bytes + entry.content.length })
    }
  }
  if (!head || !manifest) throw new BackupFailed(`${name} is no archive of Holdfast, or not all of one.`)
  for (const part of [...manifest.tables, ...manifest.files]) assertWhole(name, part, digests.get(part.name))
  return { head, manifest }
}

const newer = (name: string, { holdfast }: Head) =>
  new BackupRefused(
    `${name} was made by Holdfast ${holdfast}, which writes a newer format: restore it with that release.`,
  )

function assertWhole(
  name: string,
  part: Part,
  seen: { hash: ReturnType<typeof createHash>; bytes: number } | undefined,
) {
  const digest = (seen?.hash ?? createHash('sha256')).digest('hex')
  if ((seen?.bytes ?? 0) !== part.bytes || digest !== part.sha256) {
    throw new BackupFailed(`${part.name} in ${name} is not what its manifest says. Take another archive.`)
  }
}

/** `tables/sessions.session/000001` is of `tables/sessions.session`. */
const partOf = (entry: string) => entry.slice(0, entry.lastIndexOf('/'))

async function textOf(parts: ReturnType<OpenArchive['parts']>, wanted: string): Promise<string | undefined> {
  let found: string | undefined
  for await (const { name, bytes } of parts) {
    if (name === wanted) found = await text(Readable.from(bytes).pipe(createZstdDecompress()))
    else for await (const _ of bytes);
  }
  return found
}

async function* partsOf(entries: AsyncGenerator<Entry>): ReturnType<OpenArchive['parts']> {
  let next = await entries.next()
  while (!next.done) {
    const first = next.value
    if (first.name === HEAD || first.name === MANIFEST) {
      next = await entries.next()
      continue
    }
    const name = partOf(first.name)
    const bytes = async function* (): AsyncGenerator<Uint8Array> {
      while (!next.done && partOf(next.value.name) === name) {
        yield next.value.content
        next = await entries.next()
      }
    }
    yield { name, bytes: bytes() }
    if (!next.done && partOf(next.value.name) === name) throw new Error(`${name} was not read to its end`)
  }
}
