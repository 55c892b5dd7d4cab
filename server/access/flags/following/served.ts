import { gunzip, gzip } from 'node:zlib'
import { promisify } from 'node:util'
import { type CompiledFlags, compileFlags } from '../../../../sdk/evaluate.ts'
import { type Judged, judgeSnapshot } from '../../../../sdk/flags/judge-snapshot.ts'
import { KeptSnapshots } from '../../../../sdk/flags/keep-snapshot.ts'
import { nodeSeals } from '../../../../sdk/flags/node-seals.ts'
import {
  compareNumbers,
  type Parsed,
  parseSnapshot,
  SNAPSHOT_BYTES_MAX,
  type SnapshotBody,
  sayNumber,
  type Unreadable,
} from '../../../../sdk/flags/snapshot.ts'
import { type Trust, trustFor } from '../../../../sdk/flags/trust.ts'
import type { Stamp } from '../../../ground/environment/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Logger } from '../../../platform/log.ts'
import type { FlagNumber } from '../entry.ts'

/** What is served to everybody: the newest snapshot that was accepted. */
export interface Current extends FlagNumber {
  set: CompiledFlags
  body: SnapshotBody
  text: string
  /** Of the text; made once. */
  gzip: Buffer
  digest: string
  /** `disk`: the database has not confirmed it since this process started. */
  source: 'live' | 'disk'
  /** Since the database last confirmed this number as the newest; null: it has not yet, in this process. */
  ageMs(): number | null
  /** The same as a time of the wall. */
  confirmedAt(): Date | null
}

export interface Served {
  current(): Current | undefined
  held(): Parsed | undefined
  trust(): Trust | undefined
  /** Takes over what lies on disk, once it is known whose disk it is. */
  open(stamp: Stamp, pin: string | undefined): Promise<void>
  /** Accepted: kept on disk, then served. */
  offer(offered: Parsed, packed: Buffer): Promise<Judged>
  /** As `offer`, and nothing changes. */
  judge(offered: Parsed): Judged
  /** The database has this number for its newest, and lacks nothing of it. */
  confirm(): void
  onChange(listener: (current: Current) => void): () => void
}

export const pack = promisify(gzip) as (text: string) => Promise<Buffer>
const unzip = promisify(gunzip) as unknown as (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>

/** What a row of the tables holds; whoever put it there. `said`: what the row says that it is. */
export async function unpack(packed: Buffer, said?: FlagNumber & { digest: string }): Promise<Parsed | Unreadable> {
  try {
    const read = parseSnapshot((await unzip(packed, { maxOutputLength: SNAPSHOT_BYTES_MAX })).toString('utf8'))
    if ('fault' in read || !said) return read
    const isSaid = compareNumbers(read.body, said) === 0 && read.header.digest === said.digest
    return isSaid
      ? read
      : { fault: 'unreadable', detail: `The row says ${sayNumber(said)}, and holds ${sayNumber(read.body)}.` }
  } catch (error) {
    return { fault: 'unreadable', detail: `It is not gzip that can be read: ${(error as Error).message}.` }
  }
}

interface ServedOptions {
  folder: string
  clock: Clock
  log: Logger
}

export function openServed({ folder, clock, log }: ServedOptions): Served {
  const listeners = new Set<(current: Current) => void>()
  let disk: KeptSnapshots | undefined
  let held: Parsed | undefined
  let trust: Trust | undefined
  let current: Current | undefined
  let confirmedMs: number | null = null
  let confirmedAt: Date | null = null

  function serve(parsed: Parsed, packed: Buffer): void {
    const { flags, evaluators, metadata, epoch, seq } = parsed.body
    const previous = current?.set
    const set = compileFlags({ flags, $evaluators: evaluators, metadata }, previous ? { previous } : {})
    held = parsed
    current = {
      epoch,
      seq,
      set,
      body: parsed.body,
      text: parsed.text,
      gzip: packed,
      digest: parsed.header.digest,
      get source() {
        return confirmedMs === null ? ('disk' as const) : ('live' as const)
      },
      confirmedAt: () => confirmedAt,
      ageMs: () => (confirmedMs === null ? null : Math.max(0, clock.monotonicMs() - confirmedMs)),
    }
  }

  const judge = (offered: Parsed): Judged => {
    if (!trust) throw new Error('nothing can be judged before it is known whose store this is')
    return judgeSnapshot(held, offered, trust, nodeSeals)
  }

  return {
    current: () => current,
    held: () => held,
    trust: () => trust,
    async open({ environment, installationId }, pin) {
      if (disk) return
      const beginning = trustFor({ environment, installationId, pin })
      const onProblem = (problem: unknown) => log.warn({ problem }, 'the kept flags are not whole')
      const kept = new KeptSnapshots({ folder, trust: beginning, onProblem })
      trust = kept.trust
      if (kept.held) serve(kept.held, await pack(kept.held.text))
      disk = kept
    },
    judge,
    async offer(offered, packed) {
      const judged = judge(offered)
      if (judged.outcome !== 'accepted') return judged
      trust = judged.trust
      disk?.keep(offered, judged.trust)
      // Nobody is told a number that a restart could forget. A full disk is reported, and keeps no kill switch from working.
      await disk?.flush()
      serve(offered, packed)
      for (const listener of listeners) listener(current!)
      return judged
    },
    confirm() {
      confirmedMs = clock.monotonicMs()
      confirmedAt = clock.now()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
