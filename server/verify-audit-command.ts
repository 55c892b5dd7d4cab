import { join } from 'node:path'
import { readConfig } from './config.ts'
import { noteVerified, sayProblem, type Verified, verifyAudit } from './ground/audit/index.ts'
import { checkStore, readKeptStamp } from './ground/environment/index.ts'
import { systemClock } from './platform/clock.ts'
import { DatabaseOutage, openDatabaseServer } from './platform/database/index.ts'
import { openLog } from './platform/log.ts'
import { openSecret } from './platform/secret.ts'
import { databaseUrls } from './open-store.ts'

const HELD = 0
const NOT_HELD = 1

/** `holdfast audit verify`: 0 when nothing was touched, 1 when something was. */
export async function verifyAuditCommand(words: string[]): Promise<number> {
  const { config } = readConfig()
  const isJson = words.includes('--json')
  const log = openLog({ level: 'warn', process: 'audit' })
  const { databaseUrl } = await databaseUrls(config)
  // On a machine on which no access has run there is no stamp to compare with; the MACs tell another's store as well.
  const stamp = await readKeptStamp(join(config.data, 'access'))
  if (stamp) await checkStore({ url: databaseUrl, stamp })

  const showsProgress = process.stderr.isTTY && !isJson
  const verified = await verifyAudit({
    databaseUrl,
    clock: systemClock,
    secret: await openSecret(config.secretFile, log),
    noted: readNoted(words),
    ...(showsProgress && {
      onProgress: ({ number, entries }) => process.stderr.write(`\r  ${entries} entries, batch ${number} `),
    }),
  })
  if (showsProgress) process.stderr.write('\r\x1b[K')
  await noteForTheConsole(databaseUrl, verified)
  process.stdout.write(isJson ? `${JSON.stringify(asJson(verified), null, 2)}\n` : told(verified))
  return verified.problemCount === 0 ? HELD : NOT_HELD
}

function readNoted(words: readonly string[]): { number: string; digest: string } | undefined {
  const place = words.indexOf('--noted')
  const [number, digest] = place < 0 ? [] : (words[place + 1] ?? '').split(':')
  return number && digest ? { number, digest } : undefined
}

/** The verdict is printed whether or not it can be kept. */
async function noteForTheConsole(url: string, verified: Verified): Promise<void> {
  const log = openLog({ level: 'silent', process: 'audit' })
  await using database = openDatabaseServer({ url, name: 'holdfast audit', clock: systemClock, log })
  await database.probeNow()
  try {
    await noteVerified(database.database('background'), verified, systemClock)
  } catch (error) {
    if (!(error instanceof DatabaseOutage)) throw error
  }
}

const plural = (count: number | string, noun: string) => `${count} ${noun}${String(count) === '1' ? '' : 's'}`

function told({ number, digest, sealedAt, entries, retained, unsealed, oldestUnsealedAt, ...found }: Verified): string {
  const lines = [
    digest === null
      ? 'Nothing is sealed yet.'
      : `Sealed up to batch ${number}${sealedAt ? `, ${sealedAt.toISOString()}` : ''}: ${entries === 1 ? '1 entry' : `${entries} entries`} in the chain.`,
  ]
  if (digest !== null) lines.push(`To note elsewhere: ${number}:${digest}`)
  if (retained !== '0') lines.push(`Deleted by retention before that: ${retained}.`)
  if (found.lines > 1) lines.push(`The database was restored elsewhere ${plural(found.lines - 1, 'time')}.`)
  lines.push(
    unsealed === 0
      ? 'Everything is sealed.'
      : `Not sealed yet: ${unsealed}, the oldest of ${oldestUnsealedAt?.toISOString() ?? 'an unknown time'}.`,
  )
  if (found.problemCount === 0) return `${[...lines, 'Nothing was touched.'].join('\n')}\n`
  const rest = found.problemCount - found.problems.length
  const more = rest > 0 ? [`and ${rest} more.`] : []
  return `${[...lines, `Touched: ${found.problemCount}.`, ...found.problems.map((each) => `  ${sayProblem(each)}`), ...more].join('\n')}\n`
}

function asJson({ number, digest, sealedAt, retained, oldestUnsealedAt, problems, problemCount, ...rest }: Verified) {
  return {
    is_whole: problemCount === 0,
    sealed: Number(number),
    digest,
    sealed_up_to: sealedAt,
    entries: rest.entries,
    retained: Number(retained),
    lines: rest.lines,
    waiting: rest.unsealed,
    oldest_waiting_at: oldestUnsealedAt,
    problem_count: problemCount,
    problems: problems.map((problem) => ({ ...problem, says: sayProblem(problem) })),
  }
}
