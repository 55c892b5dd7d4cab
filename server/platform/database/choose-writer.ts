/** What one host said of itself. */
export type Host =
  | { url: string; is: 'writer'; system: string; timeline: number }
  | { url: string; is: 'standby' }
  | { url: string; is: 'silent'; error: unknown }
export type Writer = Extract<Host, { is: 'writer' }>

export interface Choice {
  writer: Writer | undefined
  /** They take writes, and are not the one: a split brain, or an old primary that came back. A human has to fence them. */
  rivals: Writer[]
}

/** What was chosen before, so that the choice never flaps and never goes back in time. */
export interface Remembered {
  last: Writer | undefined
  /** By server system: the highest timeline that was seen to take writes. */
  timelines: ReadonlyMap<string, number>
}

/**
 * Of those that take writes, the one whose timeline is highest: each promotion begins a new one, so a lower one is a
 * primary that was replaced. Once a higher one was seen, a lower one is not taken even where it is alone: what was
 * written since is not in it. Among equals the one that was taken before stays.
 */
export function chooseWriter(hosts: readonly Host[], { last, timelines }: Remembered): Choice {
  const writers = hosts.filter((host) => host.is === 'writer')
  const current = writers.filter(({ system, timeline }) => timeline >= (timelines.get(system) ?? 0))
  const [writer] = current.toSorted(
    (one, other) =>
      // Timelines of two systems cannot be compared: who was taken before stays.
      Number(other.system === last?.system) - Number(one.system === last?.system) ||
      (one.system === other.system ? other.timeline - one.timeline : 0) ||
      Number(other.url === last?.url) - Number(one.url === last?.url),
  )
  return { writer, rivals: writers.filter((each) => each !== writer) }
}
