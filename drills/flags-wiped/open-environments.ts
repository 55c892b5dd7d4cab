import type { Administrator } from '../holdfast/administrator.ts'
import { type EnvironmentDatabase, makeEnvironmentDatabase } from '../holdfast/make-database.ts'
import { type Installation, startInstallation } from '../holdfast/start-installation.ts'
import type { Scene } from './arm.ts'
import type { FalseAnswer } from './false-front.ts'
import { definitionOf } from './truth.ts'

/** Two environments as they have to be, and what was recorded of their deliveries before anything went wrong. */
export interface Environments {
  production: Installation
  demo: Installation
  databases: { production: EnvironmentDatabase; demo: EnvironmentDatabase }
  administrator: Administrator
  applicationKey: string
  /** Production's own, truly signed, of before there was a flag. */
  empty: string
  /** Production's own, truly signed; every answer in it is wrong by now. */
  older: string
  /** Demo's own, signed by demo; every answer in it is wrong in production. */
  foreign: string
  /** What is right, but for the last change. */
  newest: string
}

const SCOPES = ['flags:read', 'flags:write', 'flags:restore', 'applications:write', 'applications:read']

export async function openEnvironments({ stage, progress }: Scene, superuserUrl: string): Promise<Environments> {
  const databases = {
    production: await makeEnvironmentDatabase(superuserUrl, 'production'),
    demo: await makeEnvironmentDatabase(superuserUrl, 'demo'),
  }
  const production = await startInstallation(stage, { environment: 'production', database: databases.production })
  const demo = await startInstallation(stage, { environment: 'demo', database: databases.demo })
  progress.step('holdfast: five hundred flags in each')
  const administrator = await production.becomeAdministrator(SCOPES)
  const applicationKey = await makeApplication(administrator)
  const record = (key: string, of = production) => readSnapshot(of, key, stage.signal)
  const empty = await record(applicationKey)
  await importFlags(administrator, { isTurned: true })
  const older = await record(applicationKey)
  await importFlags(administrator, { isTurned: false })
  const newest = await record(applicationKey)

  const ofDemo = await demo.becomeAdministrator(SCOPES)
  const demoKey = await makeApplication(ofDemo)
  await importFlags(ofDemo, { isTurned: true })
  const foreign = await record(demoKey, demo)
  return { production, demo, databases, administrator, applicationKey, empty, older, foreign, newest }
}

/**
 * The last change before the wipe concerns no answer: the generation before it, to which a torn disk falls back, is as right as the
 * newest. Returns its number.
 */
export async function changeLast({ administrator }: Environments): Promise<string> {
  const { version } = await administrator.ask<{ version: string }>('GET', '/v1/flags/metadata')
  const metadata = { 'drill.note': 'changed last' }
  await administrator.ask('PUT', '/v1/flags/metadata', { metadata, made_on: version })
  const { number } = await administrator.ask<{ number: string }>('GET', '/v1/flags?limit=1')
  return number
}

async function makeApplication(administrator: Administrator): Promise<string> {
  const { key } = await administrator.ask<{ key: string }>('POST', '/v1/applications', { name: 'Shop', origins: [] })
  return key
}

async function importFlags(administrator: Administrator, how: { isTurned: boolean }): Promise<void> {
  await administrator.ask('POST', '/v1/flags/import', { definition: definitionOf(how), mode: 'merge' })
}

const RECORD_DEADLINE_MS = 10_000

/** As an application is handed it, in clear. */
export async function readSnapshot({ target }: Installation, key: string, signal: AbortSignal): Promise<string> {
  const { status, body } = await target.send({
    method: 'GET',
    path: '/v1/flags/snapshot',
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(RECORD_DEADLINE_MS)]),
  })
  if (status !== 200) throw new Error(`A snapshot was asked for, and ${status} answered: ${body.slice(0, 300)}`)
  return body
}

interface Body {
  epoch: number
  seq: number
  count: number
  flags: Record<string, unknown>
}
export const bodyOf = (text: string) => JSON.parse(text.split('\n')[1]!) as Body
const digestOf = (text: string) => (JSON.parse(text.split('\n')[0]!) as { digest: string }).digest

/** Announced as newer than what everybody holds, or nobody would come for it. */
export function falseAnswer(text: string, { newest }: Environments): FalseAnswer {
  return { text, epoch: bodyOf(newest).epoch + 1, seq: 1, digest: text === '' ? 'nothing' : digestOf(text) }
}
