import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readFileIfThere } from './durable-file.ts'

/** The installation's secret, never handed out itself: each purpose has a key of its own (RFC 5869). */
export interface Secret {
  hmac(purpose: string, content: string | Buffer): Buffer
  seal(purpose: string, content: string): string
  /** Throws when it was sealed with another secret or touched. */
  unseal(purpose: string, sealed: string): string
}

export class SecretRefused extends Error {
  override name = 'SecretRefused'
}

const SECRET_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const FORMAT = 'v1.'

/** Reads the secret file; makes it, readable by its owner only, when it does not exist. */
export async function openSecret(file: string): Promise<Secret> {
  const text = (await readFileIfThere(file)) ?? (await make(file))
  const root = Buffer.from(text.trim(), 'base64url')
  if (root.length !== SECRET_BYTES) {
    throw new SecretRefused(
      `${file} does not hold a Holdfast secret (43 characters). Put the right file back; without it nobody's session can be verified.`,
    )
  }
  return secretFrom(root)
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
    unseal(purpose, sealed) {
      const bytes = Buffer.from(sealed.slice(FORMAT.length), 'base64url')
      if (!sealed.startsWith(FORMAT) || bytes.length < NONCE_BYTES + TAG_BYTES)
        throw new Error('not sealed by Holdfast')
      const decipher = createDecipheriv('aes-256-gcm', keyFor(`seal ${purpose}`), bytes.subarray(0, NONCE_BYTES))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      const body = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
      return body.toString('utf8')
    },
  }
}

/** For digests only: lengths are public, contents are compared in constant time. */
export function sameDigest(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

async function make(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  try {
    // 'wx': of two processes that start together, the second reads what the first made.
    await using handle = await open(file, 'wx', 0o600)
    const text = randomBytes(SECRET_BYTES).toString('base64url')
    await handle.writeFile(`${text}\n`)
    await handle.sync()
    return text
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return readFile(file, 'utf8')
  }
}
