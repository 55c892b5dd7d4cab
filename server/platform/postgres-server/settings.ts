/** Given on the command line, so that they are in force whatever the cluster's own files say. */
export const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // Many access processes may share one database; each has about a dozen connections.
  max_connections: '200',
  superuser_reserved_connections: '5',
  password_encryption: 'scram-sha-256',
  authentication_timeout: '5s',
  // A client that hung up must not leave its query behind.
  client_connection_check_interval: '2s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Compiling costs more than any query of a front door takes.
  jit: 'off',
  // Statements and details may hold what people typed; the message and its code are enough.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] %b ',
  max_wal_size: '512MB',
}

/** For clusters that are thrown away: a crash of the machine may lose them. */
export const throwawaySettings: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  shared_buffers: '64MB',
  autovacuum: 'off',
  io_method: 'sync',
}

/** Nobody but the owner of the private socket folder gets in without a password, and only while passwords are set anew. */
export const hostRules = `# Written by Holdfast.
local all holdfast_owner trust
host  all all 127.0.0.1/32 scram-sha-256
`
