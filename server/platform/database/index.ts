export type { Database, Queries, WriteAll } from './database.ts'
export {
  type DatabaseServer,
  type DatabaseServerOptions,
  type Health,
  type HealthState,
  openDatabaseServer,
  type Purpose,
} from './database-server.ts'
export { addressesOf, addressOf, databasePathOf, HOSTS_MAX, hostsOf, roleOf, TARGETS } from './hosts.ts'
export { MigrationRefused, type MigrationSource, migrate } from './migrate.ts'
export { type MigrationFile, migrationFiles } from './migration-files.ts'
export { type ClientOptions, onOneConnection, withClient } from './one-connection.ts'
export { queriesOver } from './queries-over.ts'
export { DatabaseOutage, isOutage, sqlStateOf } from './outage.ts'
export { withCommit } from './transaction.ts'
export { countOlder } from './generation.ts'
export { databaseNow, type SharedClock } from './shared-clock.ts'
export { prepared, type Statement, sql } from './sql.ts'
