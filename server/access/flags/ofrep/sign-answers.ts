import type { FlagContext } from '../../../../sdk/evaluate.ts'
import { digestOf } from '../../../../sdk/flags/node-seals.ts'
import { answersDigestText, personIn, SIGNING, tagOfKeys } from '../../../../sdk/flags/signed-answers.ts'
import { sayNumber, type SignedKeyList } from '../../../../sdk/flags/snapshot.ts'
import type { Held, Parts } from './parts.ts'
import type { Told } from './view.ts'

/** Proxies give all headers of an answer 4 KB; a list has one key, and two or three while keys are replaced. */
const KEYS_LENGTH_MAX = 2048
const TAG = /^[\w-]{1,86}$/

export interface Signing {
  told: Told
  context(): FlagContext
  /** The header by which a signature is asked for. */
  asked: string | string[] | undefined
}

/** The headers by which a browser may keep what it is answered; none for whoever does not ask, and where nothing can be signed. */
export function signatureOf(parts: Parts, held: Held, { told, context, asked }: Signing): Record<string, string> {
  if (typeof asked !== 'string' || !TAG.test(asked)) return {}
  const list = held.body.key_list
  const keys = sayKeys(list)
  if (keys.length > KEYS_LENGTH_MAX) return {}
  // An answer that is remembered is of one context and one snapshot, and so is what is signed of it.
  told.signature ??= parts.flags.signAnswers(held.body, {
    number: sayNumber(held),
    person: digestOf(personIn(context())),
    digest: digestOf(answersDigestText(held.body.environment, told.json)),
  })
  if (told.signature === undefined) return {}
  return { [SIGNING.signature]: told.signature, ...(asked !== tagOfKeys(list) && { [SIGNING.keys]: keys }) }
}

/** One object for as long as a snapshot is served. */
const said = new WeakMap<SignedKeyList, string>()

function sayKeys(list: SignedKeyList): string {
  const known = said.get(list) ?? JSON.stringify(list)
  said.set(list, known)
  return known
}
