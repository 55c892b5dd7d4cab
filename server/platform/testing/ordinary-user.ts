import { execFileSync, spawnSync } from 'node:child_process'
import { chownSync } from 'node:fs'

const UID = 1000
const PROBE_MS = 5000

/** How to run a command as an ordinary user: what to put before it, and how to give that user a folder. */
export interface OrdinaryUser {
  prefix: readonly string[]
  give(folder: string): void
}

/**
 * Ourselves when we are one. As root by `setpriv`; in a checkout that only root may enter, where another user could
 * not even read Node, by a user namespace: the same rights as a user who owns what root owns.
 */
export function ordinaryUser(): OrdinaryUser {
  if (process.getuid?.() !== 0) return { prefix: [], give() {} }
  const setpriv = ['setpriv', `--reuid=${UID}`, `--regid=${UID}`, '--clear-groups', '--']
  const canReadNode = spawnSync(setpriv[0]!, [...setpriv.slice(1), process.execPath, '--version'], {
    timeout: PROBE_MS,
  })
  const canReadUs = spawnSync(setpriv[0]!, [...setpriv.slice(1), 'test', '-r', import.meta.filename], {
    timeout: PROBE_MS,
  })
  if (canReadNode.status === 0 && canReadUs.status === 0) {
    return { prefix: setpriv, give: (folder) => chownSync(folder, UID, UID) }
  }
  const unshare = ['unshare', '--user', `--map-user=${UID}`, `--map-group=${UID}`, '--']
  execFileSync(unshare[0]!, [...unshare.slice(1), 'true'], { timeout: PROBE_MS })
  return { prefix: unshare, give() {} }
}
