import type { Job } from '../../../../platform/jobs.ts'
import { openMailExchangers } from '../../../../platform/mail-exchangers.ts'
import type { Parts } from '../../parts.ts'
import { THIS_PROCESS } from '../turns/this-process.ts'
import { countReadiness } from './count-readiness.ts'
import { LOOKED_UP_EVERY_MS, lookUpMailHosts } from './look-up-mail-hosts.ts'

/** Looked at often, done by one process of the installation every ten minutes. */
const LOOKED_AT_EVERY_MS = 30_000

/** What runs by itself, so that pages about readiness only read. */
export function readinessJobs(parts: Parts): Job[] {
  const mailExchangers = parts.mailExchangers ?? openMailExchangers()
  return [
    { name: 'count readiness', everyMs: LOOKED_AT_EVERY_MS, run: () => countReadiness(parts, THIS_PROCESS) },
    {
      name: 'look up mail hosts',
      everyMs: LOOKED_UP_EVERY_MS,
      run: () => lookUpMailHosts(parts, mailExchangers, THIS_PROCESS),
    },
  ]
}
