import { canHavePasskeys } from '../access/identity/index.ts'
import type { Config } from '../config.ts'
import { roleOf } from '../platform/database/index.ts'
import { isLoopbackOrigin } from '../platform/loopback.ts'
import { degraded, type Finding, failing, ok } from './finding.ts'

type Settings = Pick<
  Config,
  | 'environment'
  | 'url'
  | 'relyingPartyId'
  | 'bind'
  | 'trustedProxies'
  | 'smtpUrls'
  | 'signUp'
  | 'databaseUrl'
  | 'databaseOwnerUrl'
  | 'logLevel'
  | 'sessionLifeMs'
>

const LOOPBACK = /^(127\.|::1$|localhost$)/
/** NIST 800-63B-4 §2.1.3: thirty days at its weakest level. */
const LIFE_MAX_MS = 90 * 24 * 60 * 60_000

/** What the settings alone say; asks nobody. */
export function checkSettings(config: Settings): Finding[] {
  const isPublic = !isLoopbackOrigin(config.url)
  return [
    address(config, isPublic),
    exposure(config, isPublic),
    passkeys(config),
    mail(config, isPublic),
    roles(config),
    ...rest(config, isPublic),
  ]
}

function address({ url, environment }: Settings, isPublic: boolean): Finding {
  const name = 'public address'
  if (!isPublic) return ok(name, `${url} is this machine alone.`)
  if (url.startsWith('http:')) {
    return failing(
      name,
      `${url} is not https: cookies and codes travel in the open.`,
      'End TLS at a proxy, and set HOLDFAST_URL to https://….',
    )
  }
  if (environment === 'development') {
    return degraded(
      name,
      `${url} is public, and the environment is called "development".`,
      'Start an installation of its own with HOLDFAST_ENVIRONMENT=production; the name cannot be changed later.',
    )
  }
  return ok(name, `${url} is https.`)
}

function exposure({ bind, trustedProxies }: Settings, isPublic: boolean): Finding {
  const name = 'proxy'
  const isWide = trustedProxies.some((range) => /\/[0-7]$/.test(range))
  if (isWide) {
    return failing(
      name,
      `HOLDFAST_TRUSTED_PROXIES believes half of the world (${trustedProxies.join(', ')}): anybody can choose their own address.`,
      'Name your proxies only.',
    )
  }
  if (isPublic && trustedProxies.length === 0) {
    return degraded(
      name,
      'No proxy is trusted: behind one, all people share one address and one limit.',
      'Set HOLDFAST_TRUSTED_PROXIES to the addresses of your proxy.',
    )
  }
  if (!LOOPBACK.test(bind) && !isPublic) {
    return degraded(
      name,
      `Access listens on ${bind}, and HOLDFAST_URL is this machine alone.`,
      'Set HOLDFAST_BIND=127.0.0.1, or HOLDFAST_URL to the public address.',
    )
  }
  return ok(name, trustedProxies.length > 0 ? `${trustedProxies.join(', ')} is trusted.` : `Access listens on ${bind}.`)
}

function passkeys({ url, relyingPartyId }: Settings): Finding {
  const name = 'passkeys'
  return canHavePasskeys(url)
    ? ok(name, `They are made for ${relyingPartyId}, for good.`)
    : degraded(
        name,
        `Browsers have no passkeys on ${url}: sign-in is by mail alone.`,
        'Give HOLDFAST_URL a name with https; on this machine, http://localhost will do.',
      )
}

function mail({ smtpUrls }: Settings, isPublic: boolean): Finding {
  const name = 'mail providers'
  if (smtpUrls.length === 0) {
    return isPublic
      ? failing(name, 'There is no mail server: nobody gets a code.', 'Set HOLDFAST_SMTP_URLS.')
      : ok(name, 'The development sink keeps all mail.')
  }
  const hosts = new Set(smtpUrls.map((url) => new URL(url).hostname))
  if (smtpUrls.length === 1 || hosts.size === 1) {
    return degraded(
      name,
      `There is no second mail provider: with ${[...hosts][0]} down nobody can sign in.`,
      'Add another provider to HOLDFAST_SMTP_URLS; the second is asked when the first takes longer than 4 s.',
    )
  }
  return ok(name, `${hosts.size} providers.`)
}

function roles({ databaseUrl, databaseOwnerUrl }: Settings): Finding {
  const name = 'database roles'
  if (!databaseUrl) return ok(name, 'The embedded PostgreSQL has both.')
  const isOne = !databaseOwnerUrl || roleOf(databaseOwnerUrl) === roleOf(databaseUrl)
  return isOne
    ? degraded(
        name,
        'One process owns its tables: a fault in access could alter or drop them.',
        'Make two roles (docs/operating.md) and set HOLDFAST_DATABASE_OWNER_URL.',
      )
    : ok(name, 'Access works as a role that owns nothing.')
}

function rest({ signUp, environment, logLevel, sessionLifeMs }: Settings, isPublic: boolean): Finding[] {
  const days = Math.round(sessionLifeMs / (24 * 60 * 60_000))
  return [
    signUp === 'open' && isPublic
      ? degraded(
          'sign-up',
          `Anybody can make an account in "${environment}".`,
          'Set HOLDFAST_SIGN_UP=closed, unless your product wants it so.',
        )
      : ok('sign-up', signUp === 'open' ? 'Open, on this machine alone.' : 'Closed: people are invited or added.'),
    logLevel === 'debug' && isPublic
      ? degraded('log', 'The log level is debug: it tells every request.', 'Set HOLDFAST_LOG_LEVEL=info.')
      : ok('log', `The level is ${logLevel}.`),
    sessionLifeMs > LIFE_MAX_MS
      ? degraded(
          'session life',
          `A session may live for ${days} days.`,
          'Set HOLDFAST_SESSION_LIFE to 90d or less, or write down why not (ASVS 7.1.1).',
        )
      : ok('session life', `A session ends after ${days} days at the latest.`),
  ]
}
