export type { Database, Queries } from './database.ts'
export {
  type DatabaseServer,
  type DatabaseServerOptions,
  type Health,
  type HealthState,
  openDatabaseServer,
  type Purpose,
} from './database-server.ts'
export { MigrationRefused, type MigrationSource, migrate } from './migrate.ts'
export { onOneConnection } from './one-connection.ts'
export { DatabaseOutage, isOutage, sqlStateOf } from './outage.ts'
export { type Statement, sql } from './sql.ts'
