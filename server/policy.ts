import { signInPolicy } from './access/identity/index.ts'
import { FRESH_SIGN_IN_MS } from './access/sessions/index.ts'
import type { Config } from './config.ts'
import { GRACE_MS, PROOF_LIFE_MS } from '../sdk/contract.ts'
import { lasting, type PolicyLine } from './ground/documentation/index.ts'

/** What holds in this installation, for `/docs`: from the settings in force and the constants that the code goes by. */
export function policyOf(config: Config): PolicyLine[] {
  return [...sessionPolicy(config), ...signInPolicy(), ...retentionPolicy(config)]
}

const sessionPolicy = ({ sessionIdleMs, sessionLifeMs }: Config): PolicyLine[] => [
  {
    what: 'A session not used',
    value: lasting(sessionIdleMs),
    means: 'Then it ends as “idle”. Time in which nobody could be seen, in an outage, is not idle time.',
  },
  {
    what: 'A session at the longest',
    value: lasting(sessionLifeMs),
    means: 'However much it is used; then the person signs in again.',
  },
  {
    what: 'Sessions of one person at once',
    value: 'not limited',
    means: 'Each browser has its own. The person sees all of them and can end each; so can staff.',
  },
  {
    what: 'Cookies when a browser is closed',
    value: 'stay, as long as the session',
    means:
      'They are persistent: being signed out by closing a window helps nobody on a device of their own. On a shared one, sign out.',
  },
  {
    what: 'A fresh sign-in',
    value: lasting(FRESH_SIGN_IN_MS),
    means: 'What changes an account, staff, tokens or printed codes asks for a sign-in as new as this.',
  },
  {
    what: 'A proof, offline',
    value: `${lasting(PROOF_LIFE_MS)}, and ${lasting(GRACE_MS)} of grace while access is away`,
    means: 'As long as an app that is cut off from the feed can be behind a revocation; with the feed about a second.',
  },
]

const retentionPolicy = (config: Config): PolicyLine[] => [
  {
    what: 'Ended sessions are kept',
    value: lasting(config.sessionRetentionMs),
    means: 'So that “why was I signed out?” has an answer.',
  },
  {
    what: 'A deletion can be undone',
    value: lasting(config.deletionGraceMs),
    means: 'Then nothing but a tombstone is left.',
  },
  {
    what: 'The audit is kept',
    value: lasting(config.auditRetentionMs),
    means: `With network address and browser for ${lasting(config.auditAddressesKeptMs)}.`,
  },
  {
    what: 'Signals are kept',
    value: lasting(config.signalRetentionMs),
    means: 'Statistics are kept longer, without people.',
  },
]
