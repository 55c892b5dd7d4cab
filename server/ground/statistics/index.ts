import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'

export { countSignals } from './count-signals.ts'
export { startStatisticsJobs } from './jobs.ts'
export { readStatistics } from './read-statistics.ts'
export { statisticsRoutes } from './routes.ts'

export const migrations: MigrationSource = {
  schema: 'statistics',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}
