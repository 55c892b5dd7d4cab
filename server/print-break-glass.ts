import { join } from 'node:path'
import { type PrintedHere, printBreakGlassCodes } from './access/identity/index.ts'
import { type Config, ConfigRefused } from './config.ts'
import { auditAt } from './ground/audit/index.ts'
import { checkStore, readKeptStamp, StampRefused } from './ground/environment/index.ts'
import { systemClock } from './platform/clock.ts'
import { openDatabaseServer } from './platform/database/index.ts'
import { openLog } from './platform/log.ts'
import { openSecret } from './platform/secret.ts'
import { databaseUrls } from './open-store.ts'

/**
 * `holdfast break-glass print`: for whoever may read the secret file of this installation, and so could do anything to
 * it. The database has to be there: it is what will know the codes.
 */
export async function printBreakGlass(config: Config, words: readonly string[]): Promise<string> {
  const { databaseUrl } = await databaseUrls(config)
  const stamp = await readKeptStamp(join(config.data, 'access'))
  if (!stamp) {
    throw new StampRefused(`No access has run on ${config.data} yet: start it first, and enrol an administrator.`)
  }
  await checkStore({ url: databaseUrl, stamp })
  const log = openLog({ level: 'warn', process: 'break-glass' })
  await using database = openDatabaseServer({ url: databaseUrl, name: 'holdfast break-glass', clock: systemClock, log })
  await database.probeNow()
  const printed = await printBreakGlassCodes(
    {
      clock: systemClock,
      secret: await openSecret(config.secretFile, log),
      audit: auditAt(() => systemClock.now()),
      db: database.database('background'),
    },
    { email: given(words, '--email') },
  )
  if (printed.outcome === 'which') throw new ConfigRefused([whichOf(printed.administrators)])
  const { outcome: _, ...sheet } = printed
  return words.includes('--json') ? `${JSON.stringify(sheet)}\n` : written(printed, config)
}

function given(words: readonly string[], flag: string): string | undefined {
  const at = words.indexOf(flag)
  return at < 0 ? undefined : words[at + 1]
}

const whichOf = (administrators: readonly string[]) =>
  administrators.length === 0
    ? 'There is no administrator yet: start Holdfast, and open the link that it prints.'
    : `Say for whom: --email with one of ${administrators.join(', ')}.`

/** As it is to be printed: what it opens, for whom, and when it was made. */
function written({ email, codes, printed_at }: PrintedHere & { outcome: 'printed' }, config: Config): string {
  return `
  Holdfast, environment ${config.environment}: codes of ${email}
  for ${config.url}/sign-in/break-glass

${codes.map((code, index) => `  ${String(index + 1).padStart(2)}  ${code}`).join('\n')}

  Printed ${printed_at}. Each works once; every earlier sheet is void. They are shown this once: keep them on paper,
  where only this person gets at them.

`
}
