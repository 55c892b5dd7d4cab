import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { childEnvironment, type Stage } from '../frame/stage.ts'
import { type Names, openNames } from './names-table.ts'
import type { FromOutside, Outside, OutsideOrder, OutsideSetup, OutsideStanding, ToOutside } from './outside-process.ts'

/** Twenty providers, each with two RSA keys to make. */
const START_DEADLINE_MS = 60_000
const ORDER_DEADLINE_MS = 10_000

export interface RunningOutside extends Outside {
  /** Of the authority, as a file: what `NODE_EXTRA_CA_CERTS` and a setting take. */
  authorityFile: string
  names: Names
  order(key: string, order: OutsideOrder): Promise<OutsideStanding>
}

export async function startOutside(stage: Stage, setup: OutsideSetup): Promise<RunningOutside> {
  const child = stage.spawn(
    'outside',
    process.execPath,
    [fileURLToPath(new URL('outside-process.ts', import.meta.url))],
    {
      env: childEnvironment({}),
      hasChannel: true,
      detached: true,
    },
  )
  const waiting = new Map<number | null, PromiseWithResolvers<Outside | OutsideStanding>>()
  const fail = (error: Error) => {
    for (const one of waiting.values()) one.reject(error)
  }
  child.on('exit', (code) =>
    fail(new Error(`The world outside ended (exit code ${code}): ${stage.logTail('outside')}`)),
  )
  child.on('message', (message: FromOutside) => {
    const id = message.type === 'ready' ? null : message.id
    const one = waiting.get(id)
    waiting.delete(id)
    if (message.type === 'failed') one?.reject(new Error(`The world outside failed: ${message.message}`))
    else one?.resolve(message.type === 'ready' ? message.outside : message.standing)
  })
  const ask = async (id: number | null, message: ToOutside, deadlineMs: number) => {
    const one = Promise.withResolvers<Outside | OutsideStanding>()
    waiting.set(id, one)
    const late = setTimeout(() => one.reject(new Error('The world outside did not answer in time.')), deadlineMs)
    child.send(message)
    return one.promise.finally(() => clearTimeout(late))
  }
  const outside = (await ask(null, { type: 'setup', setup }, START_DEADLINE_MS)) as Outside
  const authorityFile = join(stage.folder, 'authority.pem')
  writeFileSync(authorityFile, outside.authority)
  const known = [...setup.providers.map(({ host }) => host), ...setup.controlHosts]
  let last = 0
  return {
    ...outside,
    authorityFile,
    names: openNames(join(stage.folder, 'names.json'), known),
    async order(key, order) {
      const id = ++last
      return (await ask(id, { type: 'order', id, key, order }, ORDER_DEADLINE_MS)) as OutsideStanding
    },
  }
}
