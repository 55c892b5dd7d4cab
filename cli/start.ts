import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { become } from './become.ts'
import { type Command, EXIT, firstUnknown, refuse } from './command.ts'

const ROOT = join(import.meta.dirname, '..')

export const start: Command = {
  summary: 'everything on this machine: PostgreSQL, access, a mail sink',
  usage: '[--demo] [--watch]',
  help: `Starts PostgreSQL (unless HOLDFAST_DATABASE_URL is set), a mail sink for development (unless HOLDFAST_SMTP_URLS
is set) and access, and keeps them running until Ctrl-C. Data lie in the folder HOLDFAST_DATA.

  --demo    also the demo app
  --watch   start a process again when its source files change

Example: holdfast start --demo`,
  run(words) {
    const unknown = firstUnknown(words, ['--demo', '--watch'])
    if (unknown !== undefined) return refuse(`start has no option "${unknown}": see "holdfast start --help".`)
    const built = buildWhatIsMissing()
    return built === EXIT.done ? become('server/supervisor/main.ts', words) : built
  },
}

/** A checkout after `npm ci` has been built; one that was cleaned, or installed without scripts, has not. */
function buildWhatIsMissing(): number {
  const missing = ['console', 'sdk'].filter((name) => !existsSync(join(ROOT, name, 'dist')))
  if (missing.length === 0 || !existsSync(join(ROOT, 'scripts/build.ts'))) return EXIT.done
  process.stdout.write(`  building the ${missing.join(' and the ')} once, a few seconds\n`)
  const { status } = spawnSync(process.execPath, [join(ROOT, 'scripts/build.ts'), '--when-stale'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return status === 0 ? EXIT.done : refuse('the build failed: run "npm run build" to see why.')
}
