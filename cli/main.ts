import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { access } from './access.ts'
import { audit } from './audit.ts'
import { backup } from './backup.ts'
import { bench } from './bench.ts'
import { breakGlass } from './break-glass.ts'
import { check } from './check.ts'
import { type Command, EXIT, refuse } from './command.ts'
import { config } from './config.ts'
import { demo } from './demo.ts'
import { drill } from './drill.ts'
import { keys } from './keys.ts'
import { login, logout } from './login.ts'
import { commandOf } from './remote/command-of.ts'
import { joined } from './remote/joined.ts'
import { audit as auditNoun } from './remote/nouns/audit.ts'
import { applications } from './remote/nouns/applications.ts'
import { flags } from './remote/nouns/flags.ts'
import { failOver } from './remote/nouns/fail-over.ts'
import { invitations } from './remote/nouns/invitations.ts'
import { memberships } from './remote/nouns/memberships.ts'
import { organizations } from './remote/nouns/organizations.ts'
import { providers } from './remote/nouns/providers.ts'
import { readiness } from './remote/nouns/readiness.ts'
import { sessions } from './remote/nouns/sessions.ts'
import { staff } from './remote/nouns/staff.ts'
import { statistics } from './remote/nouns/statistics.ts'
import { tokens } from './remote/nouns/tokens.ts'
import { users } from './remote/nouns/users.ts'
import { restart } from './restart.ts'
import { restore } from './restore.ts'
import { start } from './start.ts'

/** What is done on the machine itself. */
const here = {
  start,
  access,
  restart,
  demo,
  config,
  keys,
  'break-glass': breakGlass,
  backup,
  restore,
  check,
  drill,
  bench,
}
/** What is asked of a Holdfast that runs anywhere, with a machine token. */
const there = {
  login,
  logout,
  users: commandOf('users', users),
  organizations: commandOf('organizations', organizations),
  memberships: commandOf('memberships', memberships),
  invitations: commandOf('invitations', invitations),
  applications: commandOf('applications', applications),
  providers: commandOf('providers', providers),
  readiness: commandOf('readiness', readiness),
  'fail-over': commandOf('fail-over', failOver),
  sessions: commandOf('sessions', sessions),
  tokens: commandOf('tokens', tokens),
  flags: commandOf('flags', flags),
  audit: joined(audit, commandOf('audit', auditNoun), 'verify'),
  staff: commandOf('staff', staff),
  statistics: commandOf('statistics', statistics),
}
const commands: Readonly<Record<string, Command>> = { ...here, ...there }
const NAME_WIDTH = 14

process.exitCode = await run(process.argv.slice(2))

async function run([name, ...words]: string[]): Promise<number> {
  if (name === undefined || name === 'help' || isHelp(name)) return printHelp(words[0])
  if (name === 'version' || name === '--version') return print(`holdfast ${version()}, Node ${process.versions.node}`)
  const command = commandNamed(name)
  if (!command) return refuse(`there is no command "${name}": see "holdfast --help".`)
  if (words.some(isHelp) && !command.hasOwnHelp) return printHelp(name)
  return command.run(words)
}

/** `holdfast help`, `holdfast help start` and `holdfast start --help` are one thing. */
function printHelp(name: string | undefined): number | Promise<number> {
  if (name === undefined) return print(overview())
  const command = commandNamed(name)
  if (!command) return refuse(`there is no command "${name}": see "holdfast --help".`)
  if (command.hasOwnHelp) return command.run(['--help'])
  return print(`Usage: holdfast ${name} ${command.usage}`.trimEnd(), '', command.help)
}

function overview(): string {
  const list = (some: Readonly<Record<string, Command>>) =>
    Object.entries(some)
      .map(([name, { summary }]) => `  ${name.padEnd(NAME_WIDTH)} ${summary}`)
      .join('\n')
  return `Usage: holdfast <command> [options]

On this machine:
${list(here)}

Of a Holdfast anywhere, with a machine token (HOLDFAST_URL and HOLDFAST_TOKEN, or "holdfast login"):
${list(there)}

  ${'version'.padEnd(NAME_WIDTH)} of Holdfast, and of the Node it runs on
  ${'help'.padEnd(NAME_WIDTH)} this, or help <command>

Exit code 0: done. 1: it did not hold. 2: bad usage, or refused.

Example: holdfast start --demo`
}

function commandNamed(name: string): Command | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h'
}

function version(): string {
  const path = join(import.meta.dirname, 'package.json')
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

function print(...lines: string[]): number {
  process.stdout.write(`${lines.join('\n')}\n`)
  return EXIT.done
}
