import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import { type Guard, json, on, type Route } from '../../platform/http/index.ts'
import { ReadStatistics, readStatistics, Statistics } from './read-statistics.ts'

export interface StatisticsRoutesOptions {
  db: Database
  clock: Clock
  guard: Guard
}

export function statisticsRoutes({ guard, ...parts }: StatisticsRoutesOptions): Route[] {
  return [
    on(
      'GET /v1/statistics',
      {
        tag: 'statistics',
        summary: 'Sign-ins and sessions over the last hour, day or month',
        description: 'A stretch in which nothing could be seen is null, never 0.',
        guard,
        query: ReadStatistics,
        answers: { 200: Statistics },
      },
      async (call) => json(200, await readStatistics(parts, call.query)),
    ),
  ]
}
