import type { Parsed, SnapshotNumber } from './snapshot.ts'

/**
 * What a process believes in, besides the snapshot that it holds. It outlives that snapshot, on disk too: or a restart,
 * or a torn file, would let somebody walk it back to an older delivery.
 */
export interface Trust {
  environment: string
  /** Null until the first snapshot that was accepted. */
  installationId: string | null
  /** Of the root key. Null: the first authenticated contact is trusted. */
  fingerprint: string | null
  /** The app was told the fingerprint, and did not take it from a first contact. */
  pinned: boolean
  /** Of the newest list of signing keys; 0 before the first. */
  keyListNumber: number
  /** The greatest that was ever accepted, also when its text is torn by now. */
  newest: (SnapshotNumber & { digest: string }) | null
}

export interface Beginning {
  environment: string
  /** Left out: nobody has said yet which installation this is. */
  installationId?: string | null | undefined
  /** The root's fingerprint. Left out: the first authenticated contact is trusted, and that is said. */
  pin?: string | undefined
}

/** The trust of a process that has never accepted anything. */
export function trustFor({ environment, installationId = null, pin }: Beginning): Trust {
  const fingerprint = pin ?? null
  return { environment, installationId, fingerprint, pinned: pin !== undefined, keyListNumber: 0, newest: null }
}

/** After `accepted` was: another root can never follow, nor an older list, nor an older number. */
export function trustAfter(trust: Trust, accepted: Parsed, fingerprint: string): Trust {
  const { epoch, seq, installation_id } = accepted.body
  return {
    ...trust,
    fingerprint,
    installationId: installation_id,
    keyListNumber: accepted.keyList.number,
    newest: { epoch, seq, digest: accepted.header.digest },
  }
}

/** What is said to people once, when a first contact was trusted. */
export const sayFirstContact = (fingerprint: string) =>
  `holdfast: the root key of flags was trusted at first contact. Pin it, so that nobody can come first next time: trust: '${fingerprint}'.`

/** The option `trust`. SHA-256 in base64url has no other shape. */
export function readPin(text: string | undefined): string | undefined {
  if (text === undefined || /^[A-Za-z0-9_-]{43}$/.test(text)) return text
  throw new Error(`holdfast: trust: "${text}" is no fingerprint of a root key. Copy what holdfast flags trust prints.`)
}
