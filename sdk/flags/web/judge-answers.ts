import { isObject } from '../definition.ts'
import type { SnapshotFault } from '../judge-snapshot.ts'
import type { FaultOf } from '../number-fault.ts'
import { thumbprintText } from '../seals.ts'
import { answersDigestText, answersText } from '../signed-answers.ts'
import {
  isSignedKeyList,
  KEY_LIST_TYPE,
  type KeyList,
  readKeyList,
  readNumber,
  type SignedKeyList,
} from '../snapshot.ts'
import { isSigned, webDigestOf } from '../web-seals.ts'

/** Why answers are neither kept nor given: the words for snapshots, and one more. */
export type AnswersFault =
  | 'unsigned'
  | Exclude<SnapshotFault, 'same_number_other_digest' | 'count_differs' | 'missing_without_tombstone' | 'bad_number'>
export type Refused = FaultOf<AnswersFault> & { outcome: 'refused' }

/** A list of keys that was judged. */
export interface TrustedKeys {
  signed: SignedKeyList
  list: KeyList
  /** Of its root. */
  fingerprint: string
}

export interface Expected {
  environment: string
  /** The fingerprint that the page pins; undefined: the first contact is trusted. */
  pin: string | undefined
}

/** As it lies in the storage. */
export interface SignedAnswers {
  installation_id: string
  number: string
  kid: string
  signature: string
  text: string
}

/** May this list of keys say who signs? The rules are those of a server's client, for the one list it has. */
export async function judgeKeys(
  offered: unknown,
  held: TrustedKeys | undefined,
  { environment, pin }: Expected,
): Promise<TrustedKeys | Refused> {
  const signed = listIn(offered)
  const list = signed && readKeyList(signed)
  if (!signed || !list) return refused('bad_key_list', 'The list of signing keys cannot be read, or is not there.')
  if (list.environment !== environment)
    return refused(
      'other_environment',
      `The list of signing keys is of "${list.environment}", and this page asks "${environment}". Look at which address and browser token it was given.`,
    )
  const fingerprint = await webDigestOf(thumbprintText(signed.root))
  const trusted = pin ?? held?.fingerprint ?? fingerprint
  if (fingerprint !== trusted)
    return refused(
      'untrusted_root',
      `The signing keys stand under the root ${fingerprint}, and ${trusted} is trusted${pin === undefined ? ' since the first contact' : ''}. If the root was replaced on purpose, set the option trust to the new fingerprint; if not, somebody speaks in the name of access.`,
    )
  if (held && held.list.installation_id !== list.installation_id)
    return refused(
      'other_installation',
      `The list of signing keys is of the installation ${list.installation_id}, and this browser knows ${held.list.installation_id}.`,
    )
  const { root: key, text, signature } = signed
  if (!(await isSigned({ key, text: `${KEY_LIST_TYPE}\n${text}`, signature })))
    return refused('bad_key_list', 'The list of signing keys is not signed by the root. Somebody changed it.')
  if (held && list.number < held.list.number)
    return refused(
      'key_list_went_back',
      `The list of signing keys is number ${list.number}, and ${held.list.number} was seen here before. A process of access lags behind, or somebody put back an old one.`,
    )
  return { signed, list, fingerprint }
}

/** Did access say this, of this person? Undefined: it did. What somebody else was told, and what was changed, has no good signature. */
export async function answersFault(
  { installation_id, number, kid, signature, text }: SignedAnswers,
  { list }: TrustedKeys,
  person: string,
): Promise<Refused | undefined> {
  const { environment } = list
  if (installation_id !== list.installation_id)
    return refused(
      'other_installation',
      `The answers are of the installation ${installation_id}, and the keys of ${list.installation_id}.`,
    )
  const key = list.keys.find((each) => each.kid === kid)
  if (!key)
    return refused(
      'unknown_key',
      `The answers are signed by the key ${kid}, which the root does not list (any more). They are believed again when access has signed anew.`,
    )
  const [digest, digestOfPerson] = [await webDigestOf(answersDigestText(environment, text)), await webDigestOf(person)]
  const claim = answersText({ installation_id, environment, number, person: digestOfPerson, digest })
  if (await isSigned({ key, text: claim, signature })) return undefined
  return refused(
    'bad_signature',
    `The answers are not what access signed for this person in "${environment}": somebody changed them, or they are another person's.`,
  )
}

export const isSignedAnswers = (value: unknown): value is SignedAnswers =>
  isObject(value) &&
  readNumber(value.number) !== undefined &&
  [value.installation_id, value.kid, value.signature, value.text].every((each) => typeof each === 'string')

export const refused = (fault: AnswersFault, detail: string): Refused => ({ outcome: 'refused', fault, detail })

/** A list comes as text in a header, and lies in the storage as it is. */
function listIn(offered: unknown): SignedKeyList | undefined {
  try {
    const said: unknown = typeof offered === 'string' ? JSON.parse(offered) : offered
    return isSignedKeyList(said) ? said : undefined
  } catch {
    return undefined
  }
}
