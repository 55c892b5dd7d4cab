import type { SignedKeyList, SnapshotBody } from '../../../../sdk/flags/snapshot.ts'
import { type AnswersClaim, answersText } from '../../../../sdk/flags/signed-answers.ts'
import { signerFor } from '../following/key-ring.ts'
import type { Parts } from '../parts.ts'
import type { SigningPair } from './make-keys.ts'
import { signText } from './sign-key-list.ts'

type Said = Pick<AnswersClaim, 'number' | 'person' | 'digest'>

/**
 * Signs what was evaluated, by the key that the list of the snapshot names. `<kid>.<signature>`; undefined: that key is not here, or
 * not to be opened. Then the answer is good and just is not kept: to be signed is never a condition for it.
 */
export type AnswersSigner = (
  body: Pick<SnapshotBody, 'environment' | 'installation_id' | 'key_list'>,
  said: Said,
) => string | undefined

export function openAnswersSigner({ keys, secret, log }: Pick<Parts, 'keys' | 'secret' | 'log'>): AnswersSigner {
  let opened: { list: string; rows: unknown; pair: SigningPair | undefined } | undefined

  /** Opened once for a list: to unseal a key takes longer than to sign with it. What cannot be opened is said once, too. */
  function pairFor({ text }: SignedKeyList): SigningPair | undefined {
    const rows = keys.rows()
    if (opened?.list === text && opened.rows === rows) return opened.pair
    opened = { list: text, rows, pair: undefined }
    opened.pair = signerFor(rows, secret, JSON.parse(text))
    if (!opened.pair) log.warn('no key that the root lists is here: browsers cannot keep what they are answered')
    return opened.pair
  }

  return ({ environment, installation_id, key_list }, said) => {
    try {
      const pair = pairFor(key_list)
      const text = answersText({ environment, installation_id, ...said })
      return pair && `${pair.public.kid}.${signText(pair.privateKey, text)}`
    } catch (error) {
      log.warn({ err: error }, 'answers cannot be signed: browsers cannot keep them')
      return undefined
    }
  }
}
