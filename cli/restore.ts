import { become } from './become.ts'
import type { Command } from './command.ts'

export const restore: Command = {
  summary: 'puts an archive into an empty database and data folder',
  usage: '--from <archive>|latest --recovery-key-file <file> [options]',
  help: `Verifies the archive from end to end, loads it, and makes it safe: what had ended stays ended, open codes are void. It
overwrites nothing.

  --into <folder>          a new data folder with a PostgreSQL of its own; otherwise HOLDFAST_DATA, or the database of
                           HOLDFAST_DATABASE_URL
  --to <target>            where "latest" is looked for; otherwise HOLDFAST_BACKUP_TARGET
  --revocations <file>     revocations.jsonl of an access or an app that was running till the end; may be repeated. When
                           nothing is missing in it, nobody else is signed out
  --keep-sessions          keeps live sessions although some may have been ended since
  --tombstones <file>      tombstones.jsonl of an access: deletes again who was deleted since; may be repeated
  --signed-by <key>        whose signature to believe, when the recovery key does not say
  --json

Example: holdfast restore --from latest --recovery-key-file holdfast.key --into /var/lib/holdfast`,
  run: (words) => become('server/main.ts', ['restore', ...words]),
}
