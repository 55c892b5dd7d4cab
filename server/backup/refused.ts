/** A backup, a proof or a restore that cannot be: one line that says what to do, and exit code 2. */
export class BackupRefused extends Error {
  override name = 'BackupRefused'
}

/** It was tried and did not hold: one line, and exit code 1. Nothing half-made is left. */
export class BackupFailed extends Error {
  override name = 'BackupFailed'
}
