import { type FaultOf, newestKnown, numberFault } from './number-fault.ts'
import { fingerprintOf, type Seals } from './seals.ts'
import {
  compareNumbers,
  KEY_LIST_TYPE,
  type KeyName,
  nameOf,
  type Parsed,
  SNAPSHOT_TYPE,
  type SnapshotBody,
  sayNumber,
} from './snapshot.ts'
import { type Trust, trustAfter } from './trust.ts'

/** Why a snapshot is not taken: stable, for reports and tests. */
export type SnapshotFault =
  | 'unreadable'
  | 'other_environment'
  | 'other_installation'
  | 'untrusted_root'
  | 'bad_key_list'
  | 'key_list_went_back'
  | 'unknown_key'
  | 'bad_signature'
  | 'older'
  | 'same_number_other_digest'
  | 'count_differs'
  | 'missing_without_tombstone'
  | 'bad_number'

export type Judged =
  | { outcome: 'accepted'; trust: Trust; isFirstContact: boolean }
  | { outcome: 'same' }
  /** Nothing of it is taken: what is held answers on. `missing`: the keys that nobody said were deleted. */
  | { outcome: 'quarantined'; fault: SnapshotFault; detail: string; missing: KeyName[] }

/** In a sentence; the report has them all. */
const MISSING_SAID = 5
/** What a report carries: who lost more than this lost everything, and a restore is the answer. */
const MISSING_MAX = 1_000

/**
 * May what is offered take the place of what is held? The rules of design §6: the right environment and installation, a
 * signature under the trusted root, a number that grows, and a tombstone for whatever is gone. So a wipe changes no
 * answer, and a real deletion works, of the last flag too. Clockwork lost every flag at once in 2022.
 *
 * Pure: it reads no clock, and a clock that was set back changes nothing. After `accepted` the caller keeps the trust that
 * comes with it, before anything else.
 */
export function judgeSnapshot(held: Parsed | undefined, offered: Parsed, trust: Trust, seals: Seals): Judged {
  if (held?.bodyText === offered.bodyText) return { outcome: 'same' }
  const fingerprint = fingerprintOf(offered.body.key_list.root, seals)
  const fault =
    stampFault(offered, trust) ??
    sealFault(offered, { trust, fingerprint, seals }) ??
    numberFault(offered, newestKnown(held, trust), trust.keyListNumber) ??
    countFault(offered.body)
  if (fault) return { outcome: 'quarantined', ...fault, missing: [] }
  const missing = held ? missingKeys(held.body, offered.body) : []
  if (missing.length > 0) return missingFault(missing, offered.body)
  return {
    outcome: 'accepted',
    trust: trustAfter(trust, offered, fingerprint),
    isFirstContact: trust.fingerprint === null,
  }
}

/** Whether somebody has to hear of it. A process of access that lags behind offers what is older, and no harm is done. */
export const isRaised = (fault: SnapshotFault) => fault !== 'older'

/** Found after it was known who made it: our own access, which may be told what is held. */
const FAULTS_OF_OURS: readonly SnapshotFault[] = [
  'older',
  'same_number_other_digest',
  'key_list_went_back',
  'bad_number',
  'count_differs',
  'missing_without_tombstone',
]

export const isOfOurs = (fault: SnapshotFault) => FAULTS_OF_OURS.includes(fault)

/** Whether it was made by whom it says, for us: all that can be asked of a text that lies on a disk, without a number. */
export function authorFault(offered: Parsed, trust: Trust, seals: Seals): FaultOf<SnapshotFault> | undefined {
  const fingerprint = fingerprintOf(offered.body.key_list.root, seals)
  return stampFault(offered, trust) ?? sealFault(offered, { trust, fingerprint, seals })
}

/** What was there, is gone, and has no tombstone that is newer than what was there. */
export function missingKeys(held: SnapshotBody, offered: SnapshotBody): KeyName[] {
  const gone = [
    ...goneFrom('flag', held.flags, offered.flags),
    ...goneFrom('evaluator', held.evaluators, offered.evaluators),
  ]
  if (gone.length === 0) return gone
  const buried = new Set(offered.tombstones.filter((each) => compareNumbers(each, held) > 0).map(nameOf))
  return gone.filter((each) => !buried.has(nameOf(each)))
}

const goneFrom = (kind: KeyName['kind'], before: object, after: object): KeyName[] =>
  Object.keys(before)
    .filter((key) => !Object.hasOwn(after, key))
    .map((key) => ({ kind, key }))

/** Asked before the signature: who connected production to demo shall read that, and nothing about keys. */
function stampFault({ body, keyList }: Parsed, trust: Trust): FaultOf<SnapshotFault> | undefined {
  if (body.environment !== trust.environment)
    return {
      fault: 'other_environment',
      detail: `This snapshot is of the environment "${body.environment}", and this process belongs to "${trust.environment}". Give it the address, the application key and the data folder of "${trust.environment}".`,
    }
  if (trust.installationId !== null && body.installation_id !== trust.installationId)
    return {
      fault: 'other_installation',
      detail: `This snapshot is of the installation ${body.installation_id}, and this process belongs to ${trust.installationId}. If the installation was made anew on purpose, remove the data folder of this process and start it again.`,
    }
  if (keyList.environment === body.environment && keyList.installation_id === body.installation_id) return undefined
  return {
    fault: 'bad_key_list',
    detail: `The list of signing keys in this snapshot is of ${keyList.installation_id} ("${keyList.environment}"), and the snapshot of another. Look at how access was put together from a backup.`,
  }
}

function sealFault(
  { header, bodyText, body, keyList }: Parsed,
  { trust, fingerprint, seals }: { trust: Trust; fingerprint: string; seals: Seals },
): FaultOf<SnapshotFault> | undefined {
  if (seals.sha256(bodyText) !== header.digest)
    return {
      fault: 'unreadable',
      detail:
        'The snapshot is not the one that its header speaks of: it was torn or changed on its way. It is fetched again; if the next one is like it, look at what stands between this process and access.',
    }
  if (trust.fingerprint !== null && fingerprint !== trust.fingerprint)
    return {
      fault: 'untrusted_root',
      detail: `This snapshot is signed under the root ${fingerprint}, and ${trust.fingerprint} is trusted${trust.pinned ? '' : ' since the first contact'}. If the root was replaced on purpose, set the option trust to the new fingerprint; if not, somebody speaks in the name of access.`,
    }
  const { root, text, signature } = body.key_list
  if (!seals.verify(root, `${KEY_LIST_TYPE}\n${text}`, signature))
    return {
      fault: 'bad_key_list',
      detail:
        'The list of signing keys in this snapshot is not signed by the root. Somebody changed it; look at who can write into the database of access.',
    }
  const key = keyList.keys.find(({ kid }) => kid === header.kid)
  if (!key)
    return {
      fault: 'unknown_key',
      detail: `This snapshot is signed by the key ${header.kid}, which the root does not list (any more). If that key was replaced, find the process of access that still signs with it, and stop it.`,
    }
  if (seals.verify(key, `${SNAPSHOT_TYPE}\n${bodyText}`, header.signature)) return undefined
  return {
    fault: 'bad_signature',
    detail: `The signature of this snapshot does not hold under the key ${header.kid}. Somebody changed it; look at what stands between this process and access.`,
  }
}

function countFault({ flags, count }: SnapshotBody): FaultOf<SnapshotFault> | undefined {
  const found = Object.keys(flags).length
  if (found === count) return undefined
  return {
    fault: 'count_differs',
    detail: `This snapshot says that it has ${count} flags, and has ${found}. Access made it wrong: report it, and restore the flags from before.`,
  }
}

function missingFault(missing: KeyName[], offered: SnapshotBody): Judged {
  const said = missing.slice(0, MISSING_SAID).map(({ kind, key }) => `${kind} "${key}"`)
  const more = missing.length - said.length
  const names = `${said.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  return {
    outcome: 'quarantined',
    fault: 'missing_without_tombstone',
    detail: `In ${sayNumber(offered)} something is gone that nobody deleted: ${names}. Answers stay as they were. Restore what was lost, or adopt the loss if it was meant.`,
    missing: missing.slice(0, MISSING_MAX),
  }
}
