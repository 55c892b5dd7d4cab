/** The first thing to do about a dependency, and where the rest of it is written down. */
export interface Advice {
  steps: readonly string[]
  runbook: string | null
}

const advice: readonly (readonly [name: RegExp, advice: Advice])[] = [
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
        'Every application goes on answering by what it has: take the time to look.',
        'Restore when the database lost flags, on the page History of flags: it shows first what would happen.',
        'Adopt when the database was put back on purpose, and what it has is the truth.',
      ],
      runbook: 'docs/runbooks/flags-held.md',
    },
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
    /^flags$/,
    {
      steps: [
        'Every answer is as it was: take the time to look. Nothing can be changed meanwhile.',
        'Is this the right database, and was it set back, emptied or replaced? Stop whatever writes past Holdfast.',
        'Then say what is true: “holdfast flags restore” for what is served, “adopt” for what the database has.',
      ],
      runbook: 'docs/runbooks/flags-held.md',
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
  ],
  [
    /^fall-back$/,
    {
      steps: [
        'Nobody is affected yet: it is what people would go on by if a provider went down.',
        'The page Providers says where the last exercise failed.',
      ],
      runbook: null,
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

export function adviceFor(name: string): Advice | null {
  return advice.find(([pattern]) => pattern.test(name))?.[1] ?? null
}
