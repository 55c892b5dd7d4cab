import { become } from './become.ts'
import type { Command } from './command.ts'

export const backup: Command = {
  summary: 'keeps everything in an encrypted, signed archive elsewhere, and proves it',
  usage: '[init|prove] [--to <folder or s3://bucket/prefix>] [--json]',
  help: `Alone: writes one archive of the database and the secret file, as of one instant, to HOLDFAST_BACKUP_TARGET or --to.
People go on signing in meanwhile.

  init      makes the recovery key, once. It is shown, or written to --recovery-key-file, and kept nowhere else:
            without it nobody can open a backup
  prove     restores the newest archive (or --from <archive>) into a server of its own, signs in against it, compares
            counts, and prints how old it is, what would be lost now, and how long it took. It sends no mail. It needs the
            recovery key: --recovery-key-file, or typed in

Example: holdfast backup prove --recovery-key-file /media/key/holdfast.key`,
  run: (words) => become('server/main.ts', ['backup', ...words]),
}
