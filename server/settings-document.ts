import { listSettings } from './config.ts'

/** `docs/settings.md`, made of the table that is in force: `node server/settings-document.ts > docs/settings.md`. */
export function settingsDocument(): string {
  const rows = listSettings().map(
    ({ variable, means, default: byDefault }) => `| \`${variable}\` | ${means} | ${byDefault ?? '–'} |`,
  )
  return `${[
    '# Settings',
    '',
    'Made by `server/settings-document.ts` from the table in `server/config.ts`; a test holds the two against each other. What is in',
    'force on a machine, and where it comes from, is printed by `holdfast config`. How the settings work together is told in',
    '[operating.md](operating.md).',
    '',
    '| variable | meaning | default |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n')}\n`
}

if (import.meta.main) process.stdout.write(settingsDocument())
