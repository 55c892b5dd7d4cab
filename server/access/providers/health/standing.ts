import type { Provider } from '../provider.ts'
import { isOpen, openedAt, type Verdict } from '../verdict.ts'

/** How all providers that are offered stand, in a line for whoever runs this. */
export interface Standing {
  state: 'ok' | 'unknown' | 'failing'
  sentence: string
  since: Date
  /** When the verdicts were last read; null: never. */
  seenAt: Date | null
  offered: number
  /** Those that people are sent another way than. */
  open: number
  unknown: number
}

export interface Seen {
  offered: readonly Pick<Provider, 'id' | 'name'>[]
  verdictOf(providerId: string): Verdict | undefined
  seenAt: Date | null
  now: Date
}

export function standingOf({ offered, verdictOf, seenAt, now }: Seen): Standing {
  const all = offered.map(({ id, name }) => ({ name, verdict: verdictOf(id) }))
  const open = all.filter(({ verdict }) => isOpen(verdict, { now, unknownOpens: false }))
  const doubtful = all.filter((each) => each.verdict?.state === 'unknown' && !open.includes(each))
  const unseen = all.filter(({ verdict }) => !verdict)
  const unknown = [...doubtful, ...unseen]
  const [worst] = open.length > 0 ? open : unknown
  const common = { seenAt, offered: all.length, open: open.length, unknown: unknown.length }
  const since = worst?.verdict ? openedAt(worst.verdict, now) : (seenAt ?? now)
  if (open.length > 0) return { state: 'failing', sentence: sayOpen(open, now), since, ...common }
  if (doubtful.length > 0) {
    const sentence = `Whether ${namesOf(doubtful, now)} can be reached cannot be told from a fault of our own network. Nobody is sent another way, unless a policy says so. See the runbook own-network-unknown.`
    return { state: 'unknown', sentence, since, ...common }
  }
  if (unseen.length > 0) {
    const sentence = `Nobody has looked at ${namesOf(unseen, now)} yet, so whether people can come through is not known.`
    return { state: 'unknown', sentence, since, ...common }
  }
  if (all.length === 0) return { state: 'ok', sentence: 'No identity provider is offered.', since, ...common }
  const sentence = `Nothing speaks against ${all.length === 1 ? all[0]!.name : `the ${all.length} identity providers`}.`
  return { state: 'ok', sentence, since, ...common }
}

type Named = readonly { name: string; verdict: Verdict | undefined }[]

const sayOpen = (open: Named, now: Date) =>
  `People are sent another way than ${namesOf(open, now)}. See the runbook provider-down.`

/** More would hide the sentence. */
const NAMES_MAX = 3

function namesOf(all: Named, now: Date): string {
  const said = all.slice(0, NAMES_MAX).map(({ name, verdict }) => {
    const since = verdict && openedAt(verdict, now)
    return since ? `${name} (since ${since.toISOString().slice(11, 16)} UTC)` : name
  })
  const more = all.length - said.length
  return more > 0 ? `${said.join(', ')} and ${more} more` : said.join(', ')
}
