import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openMailbox } from '../holdfast/mailbox.ts'
import { freePorts } from '../frame/loopback.ts'
import { childEnvironment, type Stage } from '../frame/stage.ts'
import { poll } from '../frame/wait.ts'
import { cookieHeader, openTarget, type Target } from '../load/request.ts'
import { startLoad } from '../load/start-load.ts'
import type { Redis } from '../redis/start-redis.ts'
import type { OpenArm, OpenArmOf, Readiness } from './arm.ts'
import type { KnownSession } from './door.ts'
import { type Doors, doorOf, holdfastDoor } from './holdfast-door.ts'
import type { HoldfastSetup } from './holdfast-load.ts'
import { type Plan, peopleOf } from './plan.ts'

/** Making a cluster takes some seconds, building the console for the first time half a minute. */
const START_DEADLINE_MS = 60_000
const STOP_DEADLINE_MS = 10_000
const SIGN_IN_DEADLINE_MS = 10_000
const SIGN_INS_AT_ONCE = 8
const COMMAND = fileURLToPath(new URL('../../cli/bin/holdfast.js', import.meta.url))

/** Holdfast as anybody starts it, and a second access beside it, both with the store as their cache. */
export const openHoldfastArm: OpenArmOf = async ({ stage, plan, redis, progress }) => {
  progress.step('holdfast: starting two access processes, with a PostgreSQL of their own')
  const { children, doors, urls, mailFolder } = await startHoldfast(stage, redis)
  progress.step('holdfast: signing people in by e-mailed code')
  const people = await signInAll(stage, doors, plan)
  const [live, toEnd] = [people.slice(0, plan.sessions), people.slice(plan.sessions)]
  const setup: HoldfastSetup = { plan, live, toEnd, urls, mailFolder }
  const load = await startLoad(stage, { entry: new URL('holdfast-load.ts', import.meta.url), setup })
  return {
    live,
    toEnd,
    load,
    async endSession({ subject, cookies }, signal) {
      const headers = { cookie: cookieHeader(cookies), origin: urls.first }
      const { status } = await doorOf(subject + 1, doors).send({
        method: 'DELETE',
        path: '/v1/session',
        headers,
        signal,
      })
      return status === 204 || status === 202 || null
    },
    // How long its entries live in the cache is not the app's to say; that of the copies is changed in both arms.
    async setLife() {},
    readReadiness: (signal) => readReadiness(doors.first, signal),
    async stop() {
      load.stop()
      doors.first[Symbol.dispose]()
      doors.second[Symbol.dispose]()
      const left = []
      for (const { child, data } of children) left.push(...(await stage.stop(child, data, STOP_DEADLINE_MS)))
      return { access_processes: 2, left_running: left.length }
    },
  } satisfies OpenArm
}

interface Installation {
  /** In the order of stopping: the second access before the PostgreSQL that both stand on. */
  children: { child: ChildProcess; data: string }[]
  doors: Doors
  urls: { first: string; second: string }
  mailFolder: string
}

async function startHoldfast(stage: Stage, redis: Redis): Promise<Installation> {
  const [firstPort, secondPort, mailPort] = await freePorts(3)
  const data = join(stage.folder, 'holdfast')
  const urls = { first: `http://localhost:${firstPort}`, second: `http://localhost:${secondPort}` }
  const shared = {
    HOLDFAST_URL: urls.first,
    HOLDFAST_MAIL_PORT: String(mailPort),
    HOLDFAST_VALKEY_URL: redis.url,
    // The drill is the load balancer, and says from where people come.
    HOLDFAST_TRUSTED_PROXIES: '127.0.0.1',
    HOLDFAST_LOG_LEVEL: 'warn',
  }
  const start = (name: string, command: string, own: Record<string, string>) =>
    stage.spawn(name, process.execPath, [COMMAND, command], {
      env: childEnvironment({ ...shared, ...own }),
      detached: true,
    })
  const first = openTarget(urls.first, { connectionsMax: 50 })
  const second = openTarget(urls.second, { connectionsMax: 50 })

  const whole = start('holdfast', 'start', { HOLDFAST_DATA: data, HOLDFAST_ACCESS_PORT: String(firstPort) })
  await untilReady({ stage, name: 'holdfast', child: whole, target: first })
  const { databaseUrl, ownerUrl } = await readConnection(data)
  const besideData = join(stage.folder, 'second')
  const beside = start('second', 'access', {
    HOLDFAST_DATA: besideData,
    HOLDFAST_ACCESS_PORT: String(secondPort),
    HOLDFAST_DATABASE_URL: databaseUrl,
    HOLDFAST_DATABASE_OWNER_URL: ownerUrl,
    HOLDFAST_SECRET_FILE: join(data, 'secret.key'),
  })
  await untilReady({ stage, name: 'second', child: beside, target: second })
  const mailFolder = join(data, 'mail')
  return {
    children: [
      { child: beside, data: besideData },
      { child: whole, data },
    ],
    doors: { first, second, mailbox: openMailbox(mailFolder) },
    urls,
    mailFolder,
  }
}

async function untilReady(one: { stage: Stage; name: string; child: ChildProcess; target: Target }): Promise<void> {
  const { stage, name, child, target } = one
  const isUp = await poll(
    async () => {
      if (child.exitCode !== null) throw new Error(`Holdfast (${name}) ended: ${stage.logTail(name)}`)
      const asked = AbortSignal.timeout(1000)
      return (await readReadiness(target, asked).catch(() => null))?.isOk || null
    },
    { deadlineMs: START_DEADLINE_MS, signal: stage.signal, everyMs: 100 },
  )
  if (!isUp) throw new Error(`Holdfast (${name}) was not ready in time. Its output ends with: ${stage.logTail(name)}`)
}

async function readConnection(data: string): Promise<{ databaseUrl: string; ownerUrl: string }> {
  return JSON.parse(await readFile(join(data, 'postgres', 'connection.json'), 'utf8'))
}

async function signInAll(stage: Stage, doors: Doors, plan: Plan): Promise<KnownSession[]> {
  const door = holdfastDoor(doors)
  const everybody = peopleOf(plan)
  const people: KnownSession[] = []
  let next = 0
  const work = async () => {
    for (let at = next++; at < everybody.length; at = next++) {
      const { subject, person } = everybody[at]!
      const signal = AbortSignal.any([stage.signal, AbortSignal.timeout(SIGN_IN_DEADLINE_MS)])
      const seen = await door.signIn(person, signal)
      if (seen.outcome !== 'valid') throw new Error(`Holdfast did not sign ${person} in: ${seen.note}.`)
      people[at] = { subject, person, cookies: seen.keep as Record<string, string> }
    }
  }
  await Promise.all(Array.from({ length: SIGN_INS_AT_ONCE }, work))
  return people
}

async function readReadiness(target: Target, signal: AbortSignal): Promise<Readiness> {
  const reply = await target.send({ method: 'GET', path: '/readyz', signal })
  const { status, dependencies } = JSON.parse(reply.body) as {
    status: string
    dependencies: { name: string; state: string }[]
  }
  // Without its cache it is well and says so; that the cache is not, it says of the cache.
  const isNamed = dependencies.some(({ name, state }) => name === 'cache' && state !== 'ok')
  return { isOk: status === 'ok' && !isNamed, isNamed }
}
