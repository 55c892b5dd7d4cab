import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { REVOCATION_KEPT_MS } from './contract.ts'
import { readFileIfThere, replaceFile } from './replace-file.ts'
import { assertSameEnvironment, type OnProblem } from './stamp.ts'

/** A person's own wish to be signed out, that access has not been told yet, or was told a while ago. */
interface SignOut {
  handle_digest: string | null
  session_id: string | null
  at_ms: number
  origin: string
  /** The handle, sealed: access is told by it. Null once access knows, or when only a proof was at hand. */
  sealed_handle: string | null
  /** When it need not be remembered any more; null while access has not been told. */
  forget_at_ms: number | null
}

/** Tells access to end a session; true when it knows now. */
export type Deliver = (signOut: { handle: string; origin: string }) => Promise<boolean>

/** At 400 bytes each, 4 MB: far more people than sign out of one app in an outage. The oldest go first. */
const SIGN_OUTS_MAX = 10_000
const SEAL_CONTEXT = 'holdfast sign-outs v1\n'
const DELIVER_FIRST_MS = 1_000
const DELIVER_MAX_MS = 30_000

/**
 * Sign-outs by the person, in outages too: honoured here at once, kept on disk, and delivered when access is back. The
 * handle is sealed under the application key: the file alone opens no session.
 */
export class SignOutList {
  readonly #file: string
  readonly #environment: string
  readonly #sealKey: Buffer
  readonly #now: () => number
  readonly #onProblem: OnProblem
  readonly #deliver: Deliver
  #entries: SignOut[] = []
  readonly #byDigest = new Map<string, SignOut>()
  readonly #bySession = new Map<string, SignOut>()
  #isDirty = false
  #writing: Promise<void> | undefined
  #delivering: Promise<void> | undefined
  #attempts = 0
  #again: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: {
    dataDir: string
    environment: string
    key: string
    now: () => number
    onProblem: OnProblem
    deliver: Deliver
  }) {
    mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
    this.#file = join(options.dataDir, 'sign-outs.json')
    this.#environment = options.environment
    this.#sealKey = createHash('sha256').update(SEAL_CONTEXT).update(options.key).digest()
    this.#now = options.now
    this.#onProblem = options.onProblem
    this.#deliver = options.deliver
    this.#load()
  }

  /** How many access has not been told yet. */
  get undelivered(): number {
    return this.#entries.filter((entry) => entry.forget_at_ms === null).length
  }

  /** When the person signed out of this session here; undefined when not. */
  find(handle: string | undefined, sessionId: string | undefined): number | undefined {
    // Most of the time there is none, and then a digest would be a third of what a check costs.
    const isSought = handle !== undefined && this.#byDigest.size > 0
    const entry =
      (isSought ? this.#byDigest.get(digestOf(handle)) : undefined) ??
      (sessionId === undefined ? undefined : this.#bySession.get(sessionId))
    return entry?.at_ms
  }

  /** Honours a sign-out that access could not be told. Durable when it resolves. */
  async add(signOut: { handle: string | undefined; sessionId: string | undefined; origin: string }): Promise<void> {
    this.#keep(signOut, signOut.handle === undefined ? this.#forgetAt() : null)
    await this.#write()
  }

  /** Honours a sign-out that access has just carried out, before the feed says so. */
  async note(signOut: { handle: string | undefined; sessionId: string | undefined; origin: string }): Promise<void> {
    this.#keep(signOut, this.#forgetAt())
    await this.#write()
  }

  /** Tells access what it does not know yet. Called when access is back; comes back by itself until all is told. */
  deliver(): Promise<void> {
    clearTimeout(this.#again)
    this.#delivering ??= this.#deliverAll().finally(() => {
      this.#delivering = undefined
    })
    return this.#delivering
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#again)
    await this.#delivering
    await this.#writing
  }

  #keep(
    { handle, sessionId, origin }: { handle: string | undefined; sessionId: string | undefined; origin: string },
    forgetAtMs: number | null,
  ): void {
    this.#index({
      handle_digest: handle === undefined ? null : digestOf(handle),
      session_id: sessionId ?? null,
      at_ms: this.#now(),
      origin,
      sealed_handle: handle === undefined || forgetAtMs !== null ? null : this.#seal(handle),
      forget_at_ms: forgetAtMs,
    })
    const now = this.#now()
    const kept = this.#entries.filter((entry) => entry.forget_at_ms === null || entry.forget_at_ms > now)
    if (kept.length === this.#entries.length && kept.length <= SIGN_OUTS_MAX) return
    const entries = kept.slice(-SIGN_OUTS_MAX)
    this.#entries = []
    this.#byDigest.clear()
    this.#bySession.clear()
    for (const entry of entries) this.#index(entry)
  }

  #index(entry: SignOut): void {
    this.#entries.push(entry)
    if (entry.handle_digest !== null) this.#byDigest.set(entry.handle_digest, entry)
    if (entry.session_id !== null) this.#bySession.set(entry.session_id, entry)
  }

  async #deliverAll(): Promise<void> {
    for (const entry of this.#entries.filter((each) => each.forget_at_ms === null)) {
      if (this.#isClosed) return
      const handle = this.#unseal(entry.sealed_handle)
      if (handle !== undefined && !(await this.#deliver({ handle, origin: entry.origin }))) return this.#tryAgain()
      entry.forget_at_ms = this.#forgetAt()
      entry.sealed_handle = null
      this.#attempts = 0
      await this.#write()
    }
  }

  #tryAgain(): void {
    if (this.#isClosed) return
    const waitMs = Math.min(DELIVER_MAX_MS, DELIVER_FIRST_MS * 2 ** this.#attempts)
    this.#attempts = Math.min(this.#attempts + 1, 10)
    this.#again = setTimeout(() => void this.deliver(), waitMs).unref()
  }

  readonly #forgetAt = () => this.#now() + REVOCATION_KEPT_MS

  /** One write at a time; what changes meanwhile goes with the next one. */
  async #write(): Promise<void> {
    this.#isDirty = true
    this.#writing ??= this.#writeWhileDirty().finally(() => {
      this.#writing = undefined
    })
    return this.#writing
  }

  async #writeWhileDirty(): Promise<void> {
    while (this.#isDirty) {
      this.#isDirty = false
      const content = JSON.stringify({ environment: this.#environment, sign_outs: this.#entries })
      await replaceFile(this.#file, content).catch((error: Error) =>
        this.#onProblem(`${this.#file} cannot be written: ${error.message}. A restart would forget sign-outs.`),
      )
    }
  }

  #load(): void {
    const text = readFileIfThere(this.#file)
    if (text === undefined) return
    let kept: { environment?: string; sign_outs?: SignOut[] }
    try {
      kept = JSON.parse(text) as typeof kept
    } catch {
      this.#onProblem(`${this.#file} is damaged: sign-outs that access was not told of yet are lost.`)
      return
    }
    assertSameEnvironment(this.#file, kept.environment, this.#environment)
    for (const entry of (kept.sign_outs ?? []).slice(-SIGN_OUTS_MAX)) this.#index(entry)
  }

  #seal(handle: string): string {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#sealKey, nonce)
    const sealed = Buffer.concat([cipher.update(handle, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
  }

  /** Undefined when the application key was changed since: nobody can be told any more, and it is still honoured here. */
  #unseal(sealed: string | null): string | undefined {
    if (sealed === null) return undefined
    const bytes = Buffer.from(sealed, 'base64url')
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#sealKey, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
    } catch {
      this.#onProblem(`A sign-out in ${this.#file} was sealed under another application key and cannot be delivered.`)
      return undefined
    }
  }
}

const digestOf = (handle: string) => createHash('sha256').update(handle).digest('base64')
