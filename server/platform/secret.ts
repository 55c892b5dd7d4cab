import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { makeFile } from './durable-file.ts'
import type { Logger } from './log.ts'

/** The installation's secret, never handed out itself: each purpose has a key of its own (RFC 5869). */
export interface Secret {
  hmac(purpose: string, content: string | Buffer): Buffer
  seal(purpose: string, content: string): string
  /** Throws `SecretRefused` when it was sealed with another secret, for another purpose, or touched. */
  unseal(purpose: string, sealed: string): string
}

/** The start ends with its one line. */
export class SecretRefused extends Error {
  override name = 'SecretRefused'
}

const SECRET_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const FORMAT = 'v1.'
const WRITTEN = /^[A-Za-z0-9_-]{43}$/
/** Who else may read it, besides its owner. */
const OTHERS_MAY_READ = 0o077

/** Reads the secret file; makes it, readable by its owner only, when it does not exist. */
export async function openSecret(file: string, log?: Pick<Logger, 'warn'>): Promise<Secret> {
  const text = (await readOrMake(file)).trim()
  const root = Buffer.from(text, 'base64url')
  if (!WRITTEN.test(text) || root.length !== SECRET_BYTES) {
    throw new SecretRefused(
      `${file} does not hold a Holdfast secret (43 characters). Put the right file back; without it nothing that it sealed can be read.`,
    )
  }
  const { mode } = await stat(file)
  if (mode & OTHERS_MAY_READ) {
    // Not refused: a secret mounted into a container often cannot be had otherwise.
    log?.warn({ file, mode: (mode & 0o777).toString(8) }, 'others on this machine may read the secret file: chmod 600')
  }
  return secretFrom(root)
}

async function readOrMake(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') throw new SecretRefused(`${file} cannot be read (${code}). Set HOLDFAST_SECRET_FILE.`)
  }
  const text = randomBytes(SECRET_BYTES).toString('base64url')
  // Of two processes that start together, the second reads what the first made.
  return (await makeFile(file, `${text}\n`)) ? text : readFile(file, 'utf8')
}

export function secretFrom(root: Buffer): Secret {
  const keys = new Map<string, Buffer>()
  const keyFor = (purpose: string) => {
    const known = keys.get(purpose)
    if (known) return known
    const key = Buffer.from(hkdfSync('sha256', root, 'holdfast', purpose, 32))
    keys.set(purpose, key)
    return key
  }
  return {
    hmac: (purpose, content) =>
      createHmac('sha256', keyFor(`hmac ${purpose}`))
        .update(content)
        .digest(),
    seal(purpose, content) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', keyFor(`seal ${purpose}`), nonce)
      const body = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()])
      return FORMAT + Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')
    },
    unseal: (purpose, sealed) => unseal(keyFor(`seal ${purpose}`), purpose, sealed),
  }
}

function unseal(key: Buffer, purpose: string, sealed: string): string {
  const bytes = Buffer.from(sealed.slice(FORMAT.length), 'base64url')
  if (!sealed.startsWith(FORMAT) || bytes.length < NONCE_BYTES + TAG_BYTES) throw wrongSecret(purpose)
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    const body = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
    return Buffer.concat([body, decipher.final()]).toString('utf8')
  } catch (error) {
    throw wrongSecret(purpose, error)
  }
}

const wrongSecret = (purpose: string, cause?: unknown) =>
  new SecretRefused(
    `What is stored here (${purpose}) was sealed with another secret, or damaged. Put the secret file of this installation back (HOLDFAST_SECRET_FILE).`,
    { cause },
  )

/** For digests only: lengths are public, contents are compared in constant time. */
export function sameDigest(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}
