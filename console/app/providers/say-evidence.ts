import type { Evidence, EvidenceKind } from '../api/wire/providers.ts'
import type { State } from '../ui/state-mark.tsx'

const kinds: Record<EvidenceKind, string> = {
  discovery: 'Discovery document',
  keys: 'Keys',
  authorization: 'Page for people',
  token: 'Token endpoint',
  exchange: 'A real sign-in',
}

/** What was asked. One of a newer access is shown as it came. */
export const sayKind = (kind: string): string => kinds[kind as EvidenceKind] ?? kind

const marks: Record<Evidence['outcome'], State> = { good: 'ok', fault: 'failing', limited: 'degraded' }
export const markOfOutcome = (outcome: Evidence['outcome']): State => marks[outcome] ?? 'unknown'

const faults: Record<string, string> = {
  address: 'an address that is not on the internet',
  dns: 'its name is not found',
  refused: 'it refuses connections',
  unreachable: 'there is no way to it',
  reset: 'it cuts connections',
  timeout: 'no answer in time',
  'tls-expired': 'its certificate has expired',
  'tls-host': 'its certificate is of another host',
  tls: 'its certificate is not to be trusted',
  redirect: 'it sends elsewhere',
  'too-big': 'its answer is too large',
  malformed: 'its answer is not what was asked for',
  html: 'a page in place of an answer',
  'status-5xx': 'it answers 5xx',
  keys: 'its keys cannot be used',
  'keys-empty': 'its set of keys is empty',
  'clock-skew': 'its clock is wrong',
}

/** What went wrong, for the middle of a sentence. One of a newer access is shown as it came. */
export const sayFault = (fault: string): string => faults[fault] ?? fault

export function sayOutcome({ outcome, fault }: Pick<Evidence, 'outcome' | 'fault'>): string {
  if (outcome === 'good') return 'Good'
  if (outcome === 'limited') return 'Asked too often (429)'
  if (!fault) return 'Fault'
  const said = sayFault(fault)
  return said.charAt(0).toUpperCase() + said.slice(1)
}

/** `84 ms`, `1.5 s`. */
export function sayTook(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

export interface Look {
  process: string
  /** When the newest of it was seen. */
  at: string
  /** By what was asked: the newest answer. */
  answers: ReadonlyMap<string, Evidence>
}

/** Of each process the newest answer to each question, the process that looked last first. */
export function newestLooks(evidence: readonly Evidence[]): Look[] {
  const byProcess = Map.groupBy(evidence, ({ process_id }) => process_id)
  return [...byProcess]
    .map(([process, its]) => {
      const sorted = its.toSorted((a, b) => a.seen_at.localeCompare(b.seen_at))
      return {
        process,
        at: sorted.at(-1)?.seen_at ?? '',
        answers: new Map(sorted.map((one) => [one.kind as string, one])),
      }
    })
    .toSorted((a, b) => b.at.localeCompare(a.at))
}
