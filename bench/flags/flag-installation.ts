import { makeEnvironmentDatabase } from '../../drills/holdfast/make-database.ts'
import { startInstallation } from '../../drills/holdfast/start-installation.ts'
import type { Administrator } from '../../drills/holdfast/administrator.ts'
import type { Scene } from '../contestant.ts'
import { BULK_FLAGS, flagdDefinition } from './same-rule.ts'

/** Holdfast as it is started, with fifty flags and one application that asks them. */
export interface FlagInstallation {
  url: string
  applicationKey: string
  administrator: Administrator
  roots(): readonly number[]
  /** In its own way, so that profiles are written. */
  stop(): Promise<void>
  /** As many as this, the same for everybody, and all others as they are. */
  fill(count: number): Promise<void>
}

const SCOPES = ['flags:read', 'flags:write', 'applications:read', 'applications:write']

export async function openFlagInstallation({ stage, postgres, nodeOptions }: Scene): Promise<FlagInstallation> {
  const database = await makeEnvironmentDatabase(postgres.url, 'flags')
  const settings = { NODE_ENV: 'production', NODE_OPTIONS: nodeOptions }
  const installation = await startInstallation(stage, { environment: 'flags', database, settings })
  const administrator = await installation.becomeAdministrator(SCOPES)
  const { key } = await administrator.ask<{ key: string }>('POST', '/v1/applications', { name: 'Bench', origins: [] })
  const fill = async (count: number) => {
    await administrator.ask('POST', '/v1/flags/import', { definition: flagdDefinition(count), mode: 'merge' })
  }
  await fill(BULK_FLAGS)
  const stop = async () => {
    await installation.stop()
  }
  return { url: installation.url, applicationKey: key, administrator, roots: () => [installation.pid()], stop, fill }
}
