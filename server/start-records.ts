import type { Features } from './features.ts'
import * as audit from './ground/audit/index.ts'
import * as signals from './ground/signals/index.ts'
import * as statistics from './ground/statistics/index.ts'
import type { Secret } from './platform/secret.ts'
import { sampleOrganizations } from './sample-organizations.ts'

/** What is kept of what happened: the audit sealed, statistics added up, and what is too old deleted. */
export function startRecords(
  { config, clock, log, database, background, sessions, tenants }: Features,
  secret: Secret,
) {
  const common = { clock, log, database }
  const running = [
    signals.startSignalJobs({ ...common, keptMs: config.signalRetentionMs }),
    audit.startAuditJobs({
      ...common,
      secret,
      audit: audit.auditAt(() => clock.now()),
      keptMs: config.auditRetentionMs,
      addressesKeptMs: config.auditAddressesKeptMs,
    }),
    statistics.startStatisticsJobs({
      ...common,
      db: background,
      countSessions: () => sessions.countLive(),
      countSessionsOfSome: sampleOrganizations({ tenants, sessions, background }),
    }),
  ]
  return {
    async stop() {
      await Promise.all(running.map((jobs) => jobs.stop()))
    },
  }
}
