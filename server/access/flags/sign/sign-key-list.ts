import { type KeyObject, sign } from 'node:crypto'
import { KEY_LIST_TYPE, type KeyList, SIGNING_KEYS_MAX, type SignedKeyList } from '../../../../sdk/flags/snapshot.ts'
import type { RootPair } from './make-keys.ts'

/** The root says who may sign. A key that was stolen is replaced by a list with a greater number that lacks it. */
export function signKeyList({ root, privateKey }: RootPair, list: KeyList): SignedKeyList {
  if (list.keys.length === 0 || list.keys.length > SIGNING_KEYS_MAX)
    throw new Error(
      `A list of signing keys has between 1 and ${SIGNING_KEYS_MAX} of them, and not ${list.keys.length}.`,
    )
  const text = JSON.stringify(list)
  return { text, signature: signText(privateKey, `${KEY_LIST_TYPE}\n${text}`), root }
}

/** A client that says it saw a list this far ahead of all that are known did not see one. */
const LISTS_AHEAD_MAX = 1_000

/**
 * One more than the greatest known. A database that was set back does not know the newest list: those of all snapshots at
 * hand belong here too, and the numbers that clients say they saw (`claimed`), or they will say that the list went back.
 */
export function nextKeyListNumber(known: readonly SignedKeyList[], claimed: readonly number[] = []): number {
  const greatest = Math.max(0, ...known.map(({ text }) => (JSON.parse(text) as KeyList).number))
  return 1 + Math.max(greatest, ...claimed.filter((number) => number <= greatest + LISTS_AHEAD_MAX))
}

/** ES256, the plain r‖s of RFC 7518 §3.4. */
export function signText(privateKey: KeyObject, text: string): string {
  return sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}
