/** The embedded PostgreSQL cannot be run here; the message is one line that says what to do. */
export class PostgresRefused extends Error {
  override name = 'PostgresRefused'
}
