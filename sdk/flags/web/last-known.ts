import { isObject } from '../definition.ts'
import { NO_KEYS, tagOfKeys } from '../signed-answers.ts'
import { compareNumbers, readNumber, sayNumber, type SnapshotNumber } from '../snapshot.ts'
import { webDigestOf } from '../web-seals.ts'
import { type KeyValueStorage, readStored, type Stored, writeStored } from './answers-store.ts'
import { type Evaluations, flagsIn, type Offered } from './ask-flags.ts'
import {
  answersFault,
  isSignedAnswers,
  judgeKeys,
  type Refused,
  refused,
  type SignedAnswers,
  type TrustedKeys,
} from './judge-answers.ts'

export interface LastKnownOptions {
  storage: KeyValueStorage | undefined
  url: string
  token: string
  /** The root's fingerprint. Left out: the first contact is trusted. */
  pin: string | undefined
}

/** `none`: nothing lies there. */
export type Read = { outcome: 'known'; evaluations: Evaluations } | { outcome: 'none' } | Refused
/** `none`: nothing can be kept here. */
export type Kept = { outcome: 'kept'; isFirstContact: boolean } | { outcome: 'none' } | Refused

/** People whose numbers one page remembers: more do not follow one another on it. */
const SEEN_MAX = 100

/**
 * The last known answers in the browser's storage, by a digest of whom they are about: no name lies there. They never expire,
 * and bear a signature of access that is looked at before they are kept and before they are given. What is torn, changed,
 * unsigned, another's, or older than what was seen here, is refused with the reason.
 */
export class LastKnown {
  readonly #storage: KeyValueStorage | undefined
  readonly #belongsTo: string
  readonly #expected: { environment: string; pin: string | undefined }
  #trusted: TrustedKeys | undefined
  /** The newest numbers by the names of people: a storage that was put back does not take this page back. */
  readonly #seen = new Map<string, SnapshotNumber>()

  constructor({ storage, url, token, pin }: LastKnownOptions) {
    // Digests and signatures need a page that came by https, or from this machine: elsewhere nothing is kept.
    this.#storage = globalThis.crypto?.subtle ? storage : undefined
    const environment = /^hf_([a-z][a-z0-9-]*)_/.exec(token)?.[1] ?? ''
    this.#belongsTo = `${url}\n${environment}`
    this.#expected = { environment, pin }
  }

  /** Of the root that is trusted; null: there was no contact yet. */
  get fingerprint(): string | null {
    return this.#expected.pin ?? this.#trusted?.fingerprint ?? null
  }

  /** By what access is asked to sign; undefined: nothing can be kept, and need not be signed. */
  async keys(): Promise<string | undefined> {
    if (!this.#storage) return undefined
    await this.#trustStored(readStored(this.#storage))
    return this.#trusted ? tagOfKeys(this.#trusted.signed) : NO_KEYS
  }

  async read(person: string): Promise<Read> {
    if (!this.#storage) return { outcome: 'none' }
    const stored = readStored(this.#storage)
    if (!stored) return refused('unreadable', 'What lies in the storage is torn, or not ours.')
    const name = await this.#nameOf(person)
    const found = stored.people[name]
    if (found === undefined) return { outcome: 'none' }
    if (!isObject(found) || found.signature === undefined)
      return refused('unsigned', 'What lies in the storage is not signed.')
    const flags = isSignedAnswers(found) ? flagsIn(found.text) : undefined
    if (!isSignedAnswers(found) || !flags)
      return refused('unreadable', 'What lies in the storage are no answers of access.')
    const keysFault = await this.#trustStored(stored)
    const fault = keysFault ?? (await answersFault(found, this.#trusted!, person)) ?? this.#ageFault(name, found.number)
    if (fault) return fault
    this.#see(name, found.number)
    // Without its entity tag: what confirms answers of the storage is a whole answer.
    return { outcome: 'known', evaluations: { etag: null, number: found.number, flags } }
  }

  async keep(person: string, { text, number, signature, keys }: Offered): Promise<Kept> {
    if (!this.#storage) return { outcome: 'none' }
    if (text === undefined || number === null || !readNumber(number) || signature === null)
      return refused('unsigned', 'Access did not sign its answers: they are given, and not kept.')
    const stored = readStored(this.#storage)
    await this.#trustStored(stored)
    const held = this.#trusted
    const trusted = keys === null ? held : await judgeKeys(keys, held, this.#expected)
    if (!trusted) return refused('bad_key_list', 'Access signed its answers, and did not say by which keys.')
    if ('fault' in trusted) return trusted
    const [kid = '', seal = ''] = signature.split('.', 2)
    const answers = { installation_id: trusted.list.installation_id, number, kid, signature: seal, text }
    const [name, nameOfKeys] = [await this.#nameOf(person), await this.#nameOf()]
    await this.#seeKept(name, stored?.people[name], (each) => answersFault(each, trusted, person))
    const fault = (await answersFault(answers, trusted, person)) ?? this.#ageFault(name, number)
    if (fault) return fault
    this.#trusted = trusted
    this.#see(name, number)
    writeStored(this.#storage, { keys: [nameOfKeys, trusted.signed], people: [name, answers] })
    return { outcome: 'kept', isFirstContact: !held && this.#expected.pin === undefined }
  }

  /** Of two lists under one root the newer counts, whoever put which where. The fault: there is none to be trusted. */
  async #trustStored(stored: Stored | undefined): Promise<Refused | undefined> {
    const judged = await judgeKeys(stored?.keys[await this.#nameOf()], this.#trusted, this.#expected)
    if (!('fault' in judged)) this.#trusted = judged
    else if (!this.#trusted) return judged
    return undefined
  }

  /** A process of access that lags behind does not overwrite what another tab, or an earlier visit, has kept. */
  async #seeKept(name: string, found: unknown, faultIn: (answers: SignedAnswers) => Promise<Refused | undefined>) {
    if (isSignedAnswers(found) && !(await faultIn(found))) this.#see(name, found.number)
  }

  #see(name: string, number: string): void {
    if (this.#ageFault(name, number)) return
    this.#seen.delete(name)
    this.#seen.set(name, readNumber(number)!)
    if (this.#seen.size > SEEN_MAX) this.#seen.delete(this.#seen.keys().next().value!)
  }

  #ageFault(name: string, number: string): Refused | undefined {
    const seen = this.#seen.get(name)
    if (!seen || compareNumbers(readNumber(number)!, seen) >= 0) return undefined
    return refused('older', `The answers are of ${number}, and this browser has seen ${sayNumber(seen)}.`)
  }

  /** Of answers about a person; without one, of the list of keys. */
  async #nameOf(person?: string): Promise<string> {
    return webDigestOf(person === undefined ? this.#belongsTo : `${this.#belongsTo}\n${person}`)
  }
}
