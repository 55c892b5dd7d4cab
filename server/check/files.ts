import { stat, statfs } from 'node:fs/promises'
import type { Config } from '../config.ts'
import { degraded, type Finding, failing, ok, unknown } from './finding.ts'

const OTHERS = 0o077
/** Below this the embedded PostgreSQL, revocations and sign-outs of an outage have nowhere to go. */
const ROOM_MIN_BYTES = 1024 ** 3
const ROOM_LOW_BYTES = 5 * 1024 ** 3

/** What lies on this machine's disk. */
export async function checkFiles(config: Pick<Config, 'data' | 'secretFile'>): Promise<Finding[]> {
  return [
    await readableBy('secret file', config.secretFile, 600, 'It opens every signing key'),
    await readableBy('data folder', config.data, 700, 'It holds keys and who was signed out'),
    await room(config.data),
  ]
}

async function readableBy(name: string, path: string, wanted: number, why: string): Promise<Finding> {
  try {
    const { mode } = await stat(path)
    const shown = (mode & 0o777).toString(8)
    return mode & OTHERS
      ? failing(name, `Others on this machine may read ${path} (${shown}). ${why}.`, `chmod ${wanted} ${path}`)
      : ok(name, `${path} is its owner's alone.`)
  } catch (error) {
    return cannotLook(name, path, error)
  }
}

async function room(folder: string): Promise<Finding> {
  const name = 'disk'
  try {
    const { bavail, bsize } = await statfs(folder)
    const free = bavail * bsize
    const says = `${(free / 1024 ** 3).toFixed(1)} GiB are free under ${folder}.`
    if (free < ROOM_MIN_BYTES) return failing(name, says, 'Make room: sign-outs of an outage could not be kept.')
    return free < ROOM_LOW_BYTES ? degraded(name, says, 'Make room before it is needed.') : ok(name, says)
  } catch (error) {
    return cannotLook(name, folder, error)
  }
}

function cannotLook(name: string, path: string, error: unknown): Finding {
  const { code = 'no reason given' } = error as NodeJS.ErrnoException
  return code === 'ENOENT'
    ? unknown(name, `${path} is not there yet.`, 'Start access once, or set HOLDFAST_DATA to its folder.')
    : unknown(name, `${path} cannot be looked at (${code}).`, 'Run this as the user that access runs as.')
}
