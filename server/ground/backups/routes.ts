import { Type } from 'typebox'
import type { Clock } from '../../platform/clock.ts'
import { type Guard, json, on, orNull, type Route, Time } from '../../platform/http/index.ts'
import type { BackupState } from './backup-state.ts'
import { inWords, type Plan, problemsOf, type Run } from './run.ts'

const Archive = Type.String({
  description: 'The name of the archive in the target.',
  examples: ['holdfast-production-20261121T023000Z.tar.age'],
})
const Last = Type.Object(
  {
    at: Time('The instant that it shows: what came later is not in it.'),
    archive: orNull(Archive),
    size: Type.Integer({ description: 'Bytes, encrypted.', examples: [18402341] }),
    age_s: Type.Integer({ description: 'Seconds since that instant.', examples: [5400] }),
    took_s: Type.Number({ description: 'Seconds that it took.', examples: [4.2] }),
  },
  { description: 'The newest backup; null: there is none.' },
)
const Proved = Type.Object(
  {
    at: Time('When it was restored elsewhere and signed in against.'),
    archive: orNull(Archive),
    recovery_point: orNull(
      Type.String({
        description: 'What would have been lost then: the time between the backup and the proof.',
        examples: ['2 h'],
      }),
    ),
    recovery_time_s: orNull(
      Type.Number({ description: 'Seconds from the archive to the first sign-in.', examples: [11.4] }),
    ),
  },
  { description: 'The newest proof that held; null: there is none.' },
)
const Backups = Type.Object(
  {
    schedule: orNull(
      Type.String({ description: 'How often by itself; null: nothing runs by itself.', examples: ['24 h'] }),
    ),
    target: orNull(
      Type.String({ description: 'Where backups go; null: nowhere.', examples: ['s3://acme-holdfast/backups'] }),
    ),
    last: orNull(Last),
    proved: orNull(Proved),
    problems: Type.Array(Type.String({ examples: ['No backup has been proved yet: run "holdfast backup prove".'] }), {
      description: 'What is wrong, in sentences.',
    }),
  },
  { description: 'The newest backup, the newest proof of one, and what is wrong with them.' },
)

export interface BackupRoutesOptions {
  state: Pick<BackupState, 'read'>
  plan: Plan
  clock: Clock
  guard: Guard
}

/** The HTTP face of backups: to be read. They are made and proved on the machine itself. */
export const backupRoutes = ({ state, plan, clock, guard }: BackupRoutesOptions): Route[] => [
  on(
    'GET /v1/backups',
    { tag: 'backups', summary: 'Is there a backup, and was it proved?', guard, answers: { 200: Backups } },
    async () => {
      const runs = await state.read()
      const now = clock.now()
      return json(200, {
        schedule: plan.everyMs === null ? null : inWords(plan.everyMs),
        target: plan.target,
        last: runs.last ? shownBackup(runs.last, now) : null,
        proved: runs.proved ? shownProof(runs.proved) : null,
        problems: problemsOf(plan, runs, now),
      })
    },
  ),
]

const secondsOf = (run: Run) => Math.round((run.endedAt.getTime() - run.startedAt.getTime()) / 100) / 10

function shownBackup(run: Run, now: Date) {
  const at = run.snapshotAt ?? run.endedAt
  const ageS = Math.max(0, Math.floor((now.getTime() - at.getTime()) / 1000))
  return { at, archive: run.archive, size: run.size ?? 0, age_s: ageS, took_s: secondsOf(run) }
}

function shownProof(run: Run) {
  const { recovery_time_s: took } = run.facts
  const lostMs = run.snapshotAt && run.startedAt.getTime() - run.snapshotAt.getTime()
  return {
    at: run.endedAt,
    archive: run.archive,
    recovery_point: lostMs === null ? null : inWords(Math.max(0, lostMs)),
    recovery_time_s: typeof took === 'number' ? took : null,
  }
}
