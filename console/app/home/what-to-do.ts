import type { Dependency } from '../api/wire.ts'

/** The first thing to do about a dependency, and where the rest of it is written down. */
export interface Advice {
  steps: readonly string[]
  runbook: string | null
}

type Trouble = Exclude<Dependency['state'], 'ok'>

/** Where it matters whether it fails or cannot be seen, an entry says for which of the two it is. */
const advice: readonly (readonly [name: RegExp, advice: Advice, state?: Trouble])[] = [
  [
    /^database$/,
    {
      steps: [
        'Nobody who is signed in has been signed out: take the time to look.',
        'What is seen says what hangs: nothing listening, the machine or network, the whole server, or storage.',
        'Look at the disks, pg_stat_replication and pg_locks before you restart anything.',
      ],
      runbook: 'docs/runbooks/database-away.md',
    },
  ],
  [
    /^feed$/,
    {
      steps: ['It follows the database: look at that first.', 'Applications verify by themselves meanwhile.'],
      runbook: 'docs/runbooks/database-away.md',
    },
  ],
  [
    /^flags$/,
    {
      steps: [
        'Every answer is as it was: take the time to look. Nothing can be changed meanwhile.',
        'Is this the right database, and was it set back, emptied or replaced? Stop whatever writes past Holdfast.',
        'Restore when the database lost flags, on the page History of flags or by “holdfast flags restore”: it shows first what would happen.',
        'Adopt when the database was put back on purpose, and what it has is the truth.',
      ],
      runbook: 'docs/runbooks/flags-held.md',
    },
    'failing',
  ],
  [
    /^flags$/,
    {
      steps: [
        'It follows the database: look at that first.',
        'Every application goes on answering by what it has; nothing can be changed meanwhile.',
      ],
      runbook: 'docs/runbooks/database-away.md',
    },
    'unknown',
  ],
  [
    /^sign-outs$/,
    {
      steps: [
        'Ask the sessions that ended within the last hour: by whom, and with which reason?',
        'Sessions that are gone without an end were deleted past Holdfast: is this the right database?',
      ],
      runbook: 'docs/runbooks/sign-outs.md',
    },
  ],
  [
    /^providers$/,
    {
      steps: [
        'Whoever is signed in stays so, and people go on by passkey or code as far as their organisation allows.',
        'Its page under Providers says what each process saw, and whether our own network is good.',
        'If you know better than what is seen, force or forbid the way around it there, with a reason.',
        'When it is back, everybody is sent through it again by itself, and sessions of the outage are proved there.',
      ],
      runbook: 'docs/runbooks/provider-down.md',
    },
    'failing',
  ],
  [
    /^providers$/,
    {
      steps: [
        'Whoever is signed in stays so. Nobody is sent another way because of it, unless the policy of an organisation says that unknown opens.',
        'Ask from each machine of access: is a name found, does another site answer, and is the clock right?',
        'The page of a provider says what each process saw. One process that differs has no way out: take it out of rotation.',
        'If it is the providers and not our own network, force the fall-back of each open on its page, with a reason.',
      ],
      runbook: 'docs/runbooks/own-network-unknown.md',
    },
    'unknown',
  ],
  [
    /^fall-back$/,
    {
      steps: [
        'While no provider is down nobody is affected: it is what people would go on by if one went down.',
        'The page Providers says where the last exercise failed, or since when none has worked.',
      ],
      runbook: 'docs/runbooks/fall-back-fails.md',
    },
  ],
  [
    /^mail /,
    {
      steps: [
        'Codes go out through the other provider. With none left, sign-in by code waits.',
        'Look at the status page and the quota of this provider; its credentials are in the settings.',
      ],
      runbook: null,
    },
  ],
  [
    /^backup/,
    { steps: ['Run “holdfast backup” on the machine: it says in one line what is in its way.'], runbook: null },
  ],
  [
    /^cache$/,
    {
      steps: [
        'Nobody is signed out, and nothing is lost: sessions are read from PostgreSQL meanwhile.',
        'The sentence says whether Valkey is silent, slow, full, refuses us, or belongs to another installation.',
      ],
      runbook: null,
    },
  ],
  [
    /^access$/,
    {
      steps: [
        'Look whether the process runs, and at the last lines of its log.',
        'Applications go on verifying sessions by themselves for as long as their proofs last.',
      ],
      runbook: null,
    },
  ],
]

export function adviceFor({ name, state }: Pick<Dependency, 'name' | 'state'>): Advice | null {
  return advice.find(([pattern, , only = state]) => pattern.test(name) && only === state)?.[1] ?? null
}
