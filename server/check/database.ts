import { anotherParty, listBreakGlassSets, madeForAnother } from '../access/identity/index.ts'
import type { Config } from '../config.ts'
import { newestDone, newestFailed, problemsOf } from '../ground/backups/index.ts'
import { checkStore, listStaff, readKeptStamp, StampRefused } from '../ground/environment/index.ts'
import type { Clock } from '../platform/clock.ts'
import { DatabaseOutage, onOneConnection, type Queries } from '../platform/database/index.ts'
import { degraded, type Finding, failing, ok, unknown } from './finding.ts'
import { checkProviders } from './providers.ts'
import { describeRole, type RoleRow } from './queries.ts'

/** A healthy one answers in milliseconds; whoever waits sits before a terminal. */
const DEADLINE_MS = 3000
/** docs/operating.md: clocks within a minute of each other. */
const SKEW_MAX_S = 60

interface Asked {
  config: Pick<Config, 'backup' | 'relyingPartyId'>
  url: string
  folder: string
  schemas: readonly string[]
  clock: Clock
}

/** What only the database can tell. When it does not answer, all of this is unknown, and said once. */
export function checkDatabase(asked: Asked): Promise<Finding[]> {
  return lookInto(asked, 'roles, staff, providers and backups', async (db) => [
    ok('database', 'PostgreSQL answers, and bears our stamp.'),
    ...(await roleFindings(db, asked)),
    ...(await people(db)),
    await passkeys(db, asked),
    ...(await checkProviders(db, asked)),
    await backups(db, asked),
  ])
}

/** Into our own database and no other. `what`: what could not be looked at where it does not answer. */
export async function lookInto(
  { url, folder }: Pick<Asked, 'url' | 'folder'>,
  what: string,
  look: (db: Queries) => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    const stamp = await readKeptStamp(folder)
    if (stamp) await checkStore({ url, stamp })
    return await onOneConnection(url, DEADLINE_MS, look)
  } catch (error) {
    if (error instanceof StampRefused)
      return [failing('database', error.message, 'Give each environment a store of its own.')]
    if (!(error instanceof DatabaseOutage)) throw error
    const says = `PostgreSQL does not answer, so ${what} could not be looked at.`
    return [unknown('database', says, 'docs/runbooks/database-away.md')]
  }
}

async function roleFindings(db: Queries, { url, schemas, clock }: Asked): Promise<Finding[]> {
  const row = await describeRole(db, schemas, clock.now())
  return [rights(row), encryption(row, url), clocks(row)]
}

function rights({ is_superuser, owned, may_create }: RoleRow): Finding {
  const name = 'rights of access'
  const advice = 'Let access work as a role that owns nothing (docs/operating.md, "The database").'
  if (is_superuser)
    return failing(name, 'Access works as a superuser: a fault in it could do anything to this server.', advice)
  if (owned > 0)
    return degraded(name, `The role of access owns ${owned} of its tables, and could alter or drop them.`, advice)
  return may_create
    ? degraded(name, 'The role of access may make schemas.', advice)
    : ok(name, 'Access may use its tables and owns none.')
}

function encryption({ is_encrypted, version }: RoleRow, url: string): Finding {
  const name = 'way to the database'
  const { hostname } = new URL(url)
  const isHere = /^(localhost|127\..*|\[::1\]|)$/.test(hostname)
  return is_encrypted || isHere
    ? ok(name, `PostgreSQL ${version}, ${isHere ? 'on this machine' : 'over TLS'}.`)
    : degraded(
        name,
        `The connection to ${hostname} is not encrypted.`,
        'Add sslmode=verify-full to both database URLs.',
      )
}

/** Of PostgreSQL and this machine: evidence bears the one, and tokens are judged by the other. */
export async function checkClocks(db: Queries, clock: Clock): Promise<Finding> {
  return clocks(await describeRole(db, [], clock.now()))
}

function clocks({ skew_s }: RoleRow): Finding {
  const name = 'clocks'
  const seconds = Math.round(Math.abs(skew_s))
  return seconds > SKEW_MAX_S
    ? failing(name, `PostgreSQL's clock and this one are ${seconds} s apart.`, 'Run NTP on both.')
    : ok(name, `PostgreSQL's clock and this one are ${seconds} s apart.`)
}

async function people(db: Queries): Promise<Finding[]> {
  const administrators = (await listStaff(db)).filter(({ role }) => role === 'administrator')
  const sets = await listBreakGlassSets(db)
  const withCodes = administrators.filter(({ user_id: id }) => sets.some((set) => set.user_id === id && set.left > 0))
  const print = 'Print a set: "holdfast break-glass print", and keep it where the mail is not.'
  return [
    administrators.length < 2
      ? degraded(
          'administrators',
          administrators.length === 0
            ? 'There is no administrator yet.'
            : 'There is one administrator: with them away nobody can act.',
          administrators.length === 0
            ? 'Open the link that access printed.'
            : 'Add another under Staff in the console.',
        )
      : ok('administrators', `There are ${administrators.length}.`),
    administrators.length > 0 && withCodes.length === 0
      ? degraded('break-glass codes', 'Nobody has any: with the mail providers down the console stays closed.', print)
      : ok('break-glass codes', `${withCodes.length} of ${administrators.length} administrators have codes left.`),
  ]
}

async function passkeys(db: Queries, { config: { relyingPartyId } }: Asked): Promise<Finding> {
  const name = 'passkeys made'
  const found = await madeForAnother(db, relyingPartyId)
  return found
    ? failing(name, anotherParty(found, relyingPartyId), 'docs/operating.md, "Passkeys".')
    : ok(name, `All were made for ${relyingPartyId}.`)
}

async function backups(db: Queries, { config, clock }: Asked): Promise<Finding> {
  const last = await newestDone(db, 'backup')
  const failed = await newestFailed(db, 'backup')
  const proved = await newestDone(db, 'proof')
  const runs = { ...(last && { last }), ...(failed && { failed }), ...(proved && { proved }) }
  const problems = problemsOf(config.backup, runs, clock.now())
  if (problems.length === 0) return ok('backup', 'The newest is young enough, and one was proved.')
  const says = problems.join(' ')
  const advice = 'docs/operating.md, "Backup".'
  return last ? degraded('backup', says, advice) : failing('backup', says, advice)
}
