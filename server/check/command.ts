import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { systemClock } from '../platform/clock.ts'
import { databaseUrls } from '../open-store.ts'
import { HOLDFAST_SCHEMAS } from '../backup/schemas.ts'
import { checkCache } from './cache.ts'
import { checkControls } from './control.ts'
import { checkClocks, checkDatabase, lookInto } from './database.ts'
import { checkFiles } from './files.ts'
import type { Finding } from './finding.ts'
import { checkProviders } from './providers.ts'
import { checkAccess, checkMail } from './running.ts'
import { checkSettings } from './settings.ts'

/** Shape and word; the colour is added on a terminal only. */
const MARKS = { ok: ['●', 32], degraded: ['◐', 33], failing: ['■', 31], unknown: ['◍', 35] } as const
const NAME_WIDTH = 20
const STATE_WIDTH = 9

/**
 * `holdfast check`: what is unsafe about this installation. `holdfast check providers`: what would stop sign-in by identity
 * providers today. Exit code 1 when something fails or could not be seen.
 */
export async function checkCommand(words: readonly string[]): Promise<number> {
  const isJson = words.includes('--json')
  const findings = words[0] === 'providers' ? await lookAtProviders(words) : await lookAround()
  const isGood = findings.every(({ state }) => state === 'ok' || state === 'degraded')
  process.stdout.write(isJson ? `${JSON.stringify({ ok: isGood, findings }, null, 2)}\n` : inWords(findings))
  return isGood ? 0 : 1
}

async function lookAround(): Promise<Finding[]> {
  const { config } = readConfig()
  const { databaseUrl } = await databaseUrls(config)
  const [files, database, cache, access, mail] = await Promise.all([
    checkFiles(config),
    checkDatabase({
      config,
      url: databaseUrl,
      folder: join(config.data, 'access'),
      schemas: HOLDFAST_SCHEMAS,
      clock: systemClock,
    }),
    checkCache(config, join(config.data, 'access')),
    checkAccess(config),
    checkMail(config),
  ])
  return [...checkSettings(config), ...files, ...database, ...cache, access, ...mail]
}

async function lookAtProviders(words: readonly string[]): Promise<Finding[]> {
  const { config } = readConfig()
  const { databaseUrl: url } = await databaseUrls(config)
  const place = words.indexOf('--readiness')
  const asked = { clock: systemClock, readinessMin: place === -1 ? undefined : Number(words[place + 1]) }
  const [found, controls] = await Promise.all([
    lookInto({ url, folder: join(config.data, 'access') }, 'providers', async (db) => [
      ...(await checkProviders(db, asked)),
      await checkClocks(db, systemClock),
    ]),
    checkControls(config.providers.controlUrls, systemClock),
  ])
  return [...found, ...controls]
}

function inWords(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ name, state, says, advice }) => [
    `${mark(state)} ${state.padEnd(STATE_WIDTH)} ${name.padEnd(NAME_WIDTH)} ${says}`,
    ...(advice ? [`${' '.repeat(3 + STATE_WIDTH + NAME_WIDTH)}→ ${advice}`] : []),
  ])
  const count = (state: Finding['state']) => findings.filter((each) => each.state === state).length
  const sum = `${count('ok')} well, ${count('degraded')} unsafe, ${count('failing')} failing, ${count('unknown')} not seen`
  return `${[...lines, sum].join('\n')}\n`
}

function mark(state: Finding['state']): string {
  const [shape, colour] = MARKS[state]
  return process.stdout.isTTY ? `\u001b[${colour}m${shape}\u001b[0m` : shape
}
