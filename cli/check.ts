import { become } from './become.ts'
import { type Command, firstUnknown, refuse } from './command.ts'

export const check: Command = {
  summary: 'what is unsafe about this installation, and what to do',
  usage: '[providers [--readiness <percent>]] [--json]',
  help: `Looks at the settings, the files, the database and its roles, staff, backups, mail providers and access itself, with the
settings that access has. It changes nothing and sends nothing. Exit code 1 when something fails, or could not be seen; what is
unsafe and works is said, and is no failure.

"check providers" says what would stop sign-in through identity providers today: client secrets about to run out, keys that were
not fetched, settings that were not tested, a fall-back that was not exercised, clocks, and with --readiness fewer active people
than that who could sign in without their provider.

Example: holdfast check providers --readiness 80`,
  run(words) {
    const [first, ...rest] = words
    const { left, line } = first === 'providers' ? readReadiness(rest) : { left: words, line: undefined }
    if (line !== undefined) return refuse(line)
    const unknown = firstUnknown(left, ['--json'])
    if (unknown !== undefined) return refuse(`check has no option "${unknown}": see "holdfast check --help".`)
    return become('server/main.ts', ['check', ...words])
  },
}

/** What is left when `--readiness <percent>` is taken out. */
function readReadiness(words: readonly string[]): { left: readonly string[]; line: string | undefined } {
  const place = words.indexOf('--readiness')
  if (place === -1) return { left: words, line: undefined }
  const percent = words[place + 1] ?? ''
  const isPercent = /^\d{1,3}$/.test(percent) && Number(percent) <= 100
  return {
    left: words.filter((_, index) => index !== place && index !== place + 1),
    line: isPercent ? undefined : `check: --readiness takes 0 to 100; it was given "${percent}".`,
  }
}
