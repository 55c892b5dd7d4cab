import { existsSync } from 'node:fs'
import { monotonicMs } from '../frame/clock.ts'
import { readProcess } from '../frame/processes.ts'
import { type Access, runRefused, startAccess } from '../holdfast/start-installation.ts'
import type { Scene, Step } from './arm.ts'
import type { Manner } from './false-front.ts'
import { forgeEmpty, forgeSigned } from './forge.ts'
import type { Placed } from './holdfast-arm.ts'
import { bodyOf, type Environments, falseAnswer, readSnapshot } from './open-environments.ts'
import { playPart, type Proof } from './part.ts'
import { tear } from './tear.ts'
import { FLAGS } from './truth.ts'
import { countRows, wipeTables } from './wipe-tables.ts'

export interface Playing {
  environments: Environments
  placed: Placed[]
  steps: Step[]
  place(name: string, index: number, upstreams: string[]): Promise<Placed>
}

interface Played {
  wipedMs: number
  isDemoRefused: boolean
  missingAtNewAccess: number | null
  newcomer: Placed
  access: Access
}

/** Exit code of a start that was refused. */
const REFUSED = 2

/** (a) to (f). From (b) on the tables stay empty: everything after it happens during the wipe. */
export async function playParts(scene: Scene, playing: Playing): Promise<Played> {
  const { environments, steps } = playing
  let isDemoRefused = false
  await playPart(scene, steps, {
    letter: 'a',
    title: "demo is started with production's database",
    async act() {
      const seen = await startDemoOnProduction(scene, environments)
      isDemoRefused = seen.isRefused
      return () => seen.proof
    },
  })
  let wipedMs = 0
  await playPart(scene, steps, {
    letter: 'b',
    title: 'a superuser empties the tables',
    async act() {
      const { superuserUrl } = environments.databases.production
      const before = await countRows(superuserUrl)
      await wipeTables(superuserUrl)
      wipedMs = monotonicMs()
      const after = await countRows(superuserUrl)
      return () => ({
        isProven: before.entry! >= FLAGS && isWiped(after),
        rests: {
          entries_before: before.entry!,
          entries_after: after.entry!,
          log_after: after.change!,
          snapshots_after: after.snapshot!,
        },
      })
    },
  })
  for (const [title, text] of liesOf(environments)) {
    await playPart(scene, steps, { letter: 'c', title, act: () => lie(playing, falseAnswer(text, environments)) })
  }
  behaveAll(playing, 'pass')
  await playDisks(scene, playing)
  return { wipedMs, isDemoRefused, ...(await playNewcomers(scene, playing)) }
}

async function startDemoOnProduction({ stage }: Scene, { demo, databases }: Environments) {
  const { databaseUrl, ownerUrl, superuserUrl } = databases.production
  const before = await countRows(superuserUrl)
  const settings = { ...demo.settings, HOLDFAST_DATABASE_URL: databaseUrl, HOLDFAST_DATABASE_OWNER_URL: ownerUrl }
  // A folder of its own, and empty: nothing on its disk says whose it is, so the database has to.
  const { pid, exitCode, said } = await runRefused(stage, { name: 'demo-on-production', settings })
  const after = await countRows(superuserUrl)
  const isSaid = /demo/.test(said) && /production/.test(said)
  const isUntouched =
    before.entry === after.entry && before.change === after.change && before.snapshot === after.snapshot
  const proof: Proof = {
    // It was started, and what became of it the kernel says; whether that is what is promised stands beside it.
    isProven: pid !== undefined,
    rests: { exit_code: exitCode, names_both: isSaid, tables_untouched: isUntouched },
  }
  return { proof, isRefused: exitCode === REFUSED && isSaid && isUntouched && readProcess(pid) === undefined }
}

function liesOf({ empty, older, foreign, newest }: Environments): [string, string][] {
  return [
    ["access answers an empty snapshot, production's own of before there was a flag", empty],
    ['access answers an empty snapshot with a greater number that nobody has signed', forgeEmpty(newest)],
    ["access answers an older snapshot, production's own, in which every answer is wrong", older],
    ['access answers a snapshot of demo, signed by demo', foreign],
    [
      'access answers an empty snapshot by somebody who says to be production and signs by keys of their own',
      forgeSigned(newest),
    ],
    ['access answers nothing at all, with status 200', ''],
  ]
}

async function lie({ placed }: Playing, answer: Exclude<Manner, string>) {
  for (const { front } of placed) front.behave(answer)
  return (): Proof => {
    const counts = placed.map(({ front }) => front.delivered())
    return {
      isProven: counts.every((count) => count > 0),
      rests: {
        delivered: counts.reduce((sum, count) => sum + count, 0),
        to_applications: counts.filter(Boolean).length,
      },
    }
  }
}

function behaveAll({ placed }: Playing, manner: Manner): void {
  for (const { front } of placed) front.behave(manner)
}

/** (d) and (e): what an application has on its own disk. */
async function playDisks(scene: Scene, { placed, steps }: Playing): Promise<void> {
  const [first, second, third] = placed as [Placed, Placed, Placed]
  await playPart(scene, steps, {
    letter: 'd',
    title: 'an application restarts cold, and access cannot be reached',
    act: () => restart(first, { manner: 'away', files: [] }),
  })
  first.front.behave('pass')
  await playPart(scene, steps, {
    letter: 'e',
    title: "an application's newest copy is torn, and access cannot be reached",
    act: () => restart(second, { manner: 'away', files: ['newest'] }),
  })
  second.front.behave('pass')
  await playPart(scene, steps, {
    letter: 'e',
    title: 'both copies of another are torn; it waits for its first flags',
    act: () => restart(third, { manner: 'pass', files: ['newest', 'before'] }),
  })
}

async function restart({ app, front, folder }: Placed, how: { manner: Manner; files: ('newest' | 'before')[] }) {
  const before = app.pid()
  await app.kill()
  const torn = tear(folder, how.files)
  front.behave(how.manner)
  const { readyMs, standing } = await app.start()
  return (): Proof => ({
    isProven: app.pid() !== before && readProcess(before) === undefined && torn === how.files.length,
    rests: { torn_files: torn, answered_after_ms: Math.round(readyMs), number: standing.number, flags: standing.flags },
  })
}

/** (f): an application and a process of access that both know nothing yet, while the tables are empty. */
async function playNewcomers(scene: Scene, { environments, placed, steps, place }: Playing) {
  const { production, databases, applicationKey } = environments
  const { superuserUrl } = databases.production
  let made: { newcomer: Placed; access: Access } | undefined
  let missingAtNewAccess: number | null = null
  await playPart(scene, steps, {
    letter: 'f',
    title: 'a new access process, and a new application that asks it and the other one in turn',
    async act() {
      const access = await startAccess(scene.stage, 'newcomer-access', production)
      const newcomer = await place('newcomer', placed.length, [production.url, access.url])
      const isDiskEmpty = !existsSync(newcomer.folder)
      await newcomer.app.start()
      made = { newcomer, access }
      return async () => {
        const said = await readSnapshot(
          { ...production, target: access.target },
          applicationKey,
          scene.stage.signal,
        ).then(
          (text) => `${bodyOf(text).count} flags`,
          (error: Error) => /\b503\b/.exec(error.message)?.[0] ?? error.message,
        )
        missingAtNewAccess = missingIn(said)
        const isEmpty = isWiped(await countRows(superuserUrl))
        return {
          isProven: isDiskEmpty && isEmpty && readProcess(access.pid()) !== undefined,
          rests: { tables_still_empty: isEmpty, disk_was_empty: isDiskEmpty, new_access_answers: said },
        }
      }
    },
  })
  return { ...made!, missingAtNewAccess }
}

/** "Nothing yet" is no wrong answer; anything else but all flags is. */
function missingIn(said: string): number | null {
  if (said === '503') return 0
  const count = /^(\d+) flags$/.exec(said)?.[1]
  return count === undefined ? null : FLAGS - Number(count)
}

/** What the flags are, their history, their number and their keys. The fleet goes on reporting, and access saves what it serves. */
const TRUTH = ['entry', 'change', 'head', 'key'] as const
const isWiped = (rows: Record<string, number>) => TRUTH.every((table) => rows[table] === 0)
