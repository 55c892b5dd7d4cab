import { compareNumbers, type Parsed, type SnapshotNumber, sayNumber } from './snapshot.ts'
import type { Trust } from './trust.ts'

export interface FaultOf<Code extends string> {
  fault: Code
  detail: string
}

type NumberFault = 'bad_number' | 'older' | 'key_list_went_back' | 'same_number_other_digest'

/**
 * An epoch is a restore: of a million none will run out by itself. Who stole a signing key can use up those of its list,
 * and not one more; the list that replaces the key brings the next million, so a repair can always follow.
 */
const EPOCHS_A_LIST = 1_000_000

/** The greatest epoch that a snapshot under this list of signing keys may have. */
export const epochMax = (keyListNumber: number) => keyListNumber * EPOCHS_A_LIST

/** The greatest number that was ever accepted here: of what is held, or of what lay on a disk that is torn by now. */
export function newestKnown(held: Parsed | undefined, trust: Trust): Trust['newest'] {
  if (!held) return trust.newest
  const { epoch, seq } = held.body
  if (trust.newest && compareNumbers(trust.newest, held.body) > 0) return trust.newest
  return { epoch, seq, digest: held.header.digest }
}

/** Numbers only grow, of snapshots and of key lists; and one number is one snapshot. */
export function numberFault(
  { body, header, keyList }: Parsed,
  newest: Trust['newest'],
  keyListNumber: number,
): FaultOf<NumberFault> | undefined {
  const bad = badNumber(body, epochMax(keyList.number))
  if (bad) return bad
  const order = newest ? compareNumbers(body, newest) : 1
  if (newest && order < 0)
    return {
      fault: 'older',
      detail: `This is ${sayNumber(body)}, and ${sayNumber(newest)} was accepted before. A process of access lags behind; if all of them say so, the database was set back, and flags have to be restored.`,
    }
  if (keyList.number < keyListNumber)
    return {
      fault: 'key_list_went_back',
      detail: `This snapshot comes with list ${keyList.number} of signing keys, and list ${keyListNumber} was accepted before. A key that was replaced may be in use by somebody else: look at which process of access offers it.`,
    }
  if (newest && isOfAnotherLine({ body, header }, newest))
    return {
      fault: 'same_number_other_digest',
      detail: `There are two different snapshots ${sayNumber(newest)}: the one that was accepted here, and the one that ${sayNumber(body)} goes on from. The database was set back or is there twice; restore the flags, which begins a new epoch.`,
    }
  return undefined
}

/** The same number with another digest: told by the snapshot itself, or by the one after it, which names its digest. */
function isOfAnotherLine({ body, header }: Pick<Parsed, 'body' | 'header'>, newest: NonNullable<Trust['newest']>) {
  if (body.epoch !== newest.epoch) return false
  if (body.seq === newest.seq) return header.digest !== newest.digest
  return body.seq === newest.seq + 1 && body.previous_digest !== newest.digest
}

function badNumber(body: Parsed['body'], greatestEpoch: number): FaultOf<NumberFault> | undefined {
  const areNumbers = [body, ...body.tombstones].every(isNumber)
  // A tombstone of the future would one day bury a key that was made again.
  const areOfThePast = body.tombstones.every((tombstone) => compareNumbers(tombstone, body) <= 0)
  if (areNumbers && areOfThePast && body.epoch <= greatestEpoch) return undefined
  return {
    fault: 'bad_number',
    detail: `The numbers of this snapshot cannot be right (${sayNumber(body)}). Access made it wrong or somebody else did: report it, and see that only access has its signing keys.`,
  }
}

const isNumber = ({ epoch, seq }: SnapshotNumber) =>
  Number.isSafeInteger(epoch) && epoch >= 1 && Number.isSafeInteger(seq) && seq >= 1
