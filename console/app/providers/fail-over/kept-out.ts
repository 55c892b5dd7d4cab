import type { FailOverRefusal, RefusalReason } from '../../api/wire/fail-over.ts'

/** All that was counted of one reason in one organisation. */
export interface CountedReason {
  reason: string
  count: number
  /** The hours that began then, the first and the last in which it happened. */
  first: string
  last: string
}

export interface KeptOut {
  organization: { id: string; name: string | null }
  count: number
  last: string
  /** The most frequent first. */
  reasons: CountedReason[]
}

/** Hour by hour as access counts, to what somebody asks: whose policy, and why. Where it happened last comes first. */
export function byOrganization(refusals: readonly FailOverRefusal[]): KeptOut[] {
  const organizations = Map.groupBy(refusals, ({ organization_id }) => organization_id)
  return [...organizations]
    .map(([id, its]) => ({
      organization: { id, name: its[0]!.organization_name },
      count: sum(its),
      last: hoursOf(its).at(-1)!,
      reasons: reasonsOf(its),
    }))
    .toSorted((a, b) => b.last.localeCompare(a.last) || b.count - a.count)
}

function reasonsOf(its: readonly FailOverRefusal[]): CountedReason[] {
  return [...Map.groupBy(its, ({ reason }) => reason)]
    .map(([reason, rows]) => {
      const hours = hoursOf(rows)
      return { reason, count: sum(rows), first: hours[0]!, last: hours.at(-1)! }
    })
    .toSorted((a, b) => b.count - a.count)
}

const sum = (rows: readonly FailOverRefusal[]) => rows.reduce((total, { count }) => total + count, 0)
const hoursOf = (rows: readonly FailOverRefusal[]) => rows.map(({ hour }) => hour).toSorted()

/** Why they were kept out, and what lets them in next time, if that is wanted. */
export interface ReasonInWords {
  why: string
  toDo: string
}

const words: Readonly<Record<RefusalReason, ReasonInWords>> = {
  weaker_than_demanded: {
    why: 'What they showed is less than the organisation demands.',
    toDo: 'The demand held, as it must. A passkey that they enrol in a session which meets it lets them in next time.',
  },
  way_not_allowed: {
    why: 'The policy does not take the way by which they came while the provider is down.',
    toDo: 'If it shall, allow the way for outages: a looser policy waits for a day. A recovery code is never taken then.',
  },
  not_linked: {
    why: 'They never came through the provider.',
    toDo: 'One sign-in through it, while it works, lets them in next time.',
  },
  closed: {
    why: 'Their identity at the provider is closed: it said that they are gone, or an administrator closed it.',
    toDo: 'If that is an error, reopen it on the page of the person, under their methods.',
  },
  not_seen_lately: {
    why: 'They had not come through the provider for longer than the policy allows.',
    toDo: 'It keeps out those who have left. A longer time in the policy lets in those who come seldom.',
  },
  address_not_proven: {
    why: 'Nobody had proved their address before the outage.',
    toDo: 'A passkey needs no address. Or trust what the provider says of addresses, in its settings.',
  },
  address_too_new: {
    why: 'Their address had changed too shortly before the outage.',
    toDo: 'It counts by itself once it is as old as the policy asks. A passkey needs no address.',
  },
  passkey_too_new: {
    why: 'Their passkey was enrolled when the outage had begun.',
    toDo: 'Nothing: it counts in the next one.',
  },
}

export function sayReason(reason: string): ReasonInWords {
  if (Object.hasOwn(words, reason)) return words[reason as RefusalReason]
  return { why: `Access says “${reason}”.`, toDo: 'This console is older than access, and has no words for it yet.' }
}
