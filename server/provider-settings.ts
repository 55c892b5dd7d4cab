import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isIP } from 'node:net'
import type { OpenProvidersOptions } from './access/providers/index.ts'
import type { Logger } from './platform/log.ts'
import { isLoopbackOrigin } from './platform/loopback.ts'

/** What `server/config.ts` reads for identity providers: a table of its own, because it is a subject of its own. */
export interface ProviderConfig {
  /** What is asked beside a provider that seems down, to tell its fault from ours. */
  controlUrls: string[]
  /** Tests and drills alone: a file of authorities; null: no provider is on this machine. */
  onLoopback: string | null
  /** Whom the way out asks for names, with the setting above; null: the resolvers of this machine. */
  nameServer: string | null
}

const CONTROLS_MAX = 5

function controlUrls(text: string): string[] {
  const urls = text.split(',').map((each) => each.trim())
  const isGood = (each: string) => {
    const url = URL.parse(each)
    return url?.protocol === 'https:' && !url.username && !url.password && !url.hash
  }
  if (urls.length > CONTROLS_MAX || !urls.every(isGood)) {
    throw `at most ${CONTROLS_MAX} https addresses that always answer and belong to no provider, comma-separated`
  }
  return urls
}

function nameServer(text: string): string {
  const [, host = '', port = ''] = text.match(/^\[?([0-9a-f.:]+?)\]?:(\d{1,5})$/) ?? []
  if (!isIP(host) || Number(port) < 1 || Number(port) > 65_535) throw 'an address and a port such as 127.0.0.1:5353'
  return text
}

const always = (value: string | null) => () => value

export const providerSettings = {
  HOLDFAST_CONTROL_URLS: {
    means:
      'what is asked beside an identity provider, and only while one seems down: when these do not answer either, it is our own network',
    // Of two companies, made to be asked by everybody, and of no provider's own.
    default: always('https://www.gstatic.com/generate_204,https://one.one.one.one/cdn-cgi/trace'),
    parse: controlUrls,
  },
  HOLDFAST_PROVIDERS_ON_LOOPBACK: {
    means:
      'tests and drills alone: a PEM file of authorities, with which identity providers may be on this machine; only where HOLDFAST_URL is loopback',
    default: always(null),
    parse: (text: string) => resolve(text),
  },
  HOLDFAST_PROVIDERS_NAME_SERVER: {
    means: 'tests and drills alone: whom the way out to identity providers asks for names',
    default: always(null),
    parse: nameServer,
  },
}

export function assembleProviders(get: <T>(variable: keyof typeof providerSettings) => T): ProviderConfig {
  return {
    controlUrls: get('HOLDFAST_CONTROL_URLS'),
    onLoopback: get('HOLDFAST_PROVIDERS_ON_LOOPBACK'),
    nameServer: get('HOLDFAST_PROVIDERS_NAME_SERVER'),
  }
}

export const providerRules = [
  {
    of: ['HOLDFAST_URL', 'HOLDFAST_PROVIDERS_ON_LOOPBACK'] as const,
    complain: ({ url, providers }: { url: string; providers: ProviderConfig }) =>
      providers.onLoopback !== null && !isLoopbackOrigin(url)
        ? `HOLDFAST_PROVIDERS_ON_LOOPBACK must not be set when HOLDFAST_URL is not loopback (${url}): whoever may set up a provider could make Holdfast ask this machine.`
        : undefined,
  },
  {
    of: ['HOLDFAST_PROVIDERS_ON_LOOPBACK', 'HOLDFAST_PROVIDERS_NAME_SERVER'] as const,
    complain: ({ providers }: { providers: ProviderConfig }) =>
      providers.nameServer !== null && providers.onLoopback === null
        ? 'HOLDFAST_PROVIDERS_ON_LOOPBACK must be set when HOLDFAST_PROVIDERS_NAME_SERVER is: both are for tests and drills.'
        : undefined,
  },
]

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Reads the authorities; said aloud at each start, for nobody should run like this without knowing. */
export async function loopbackOf(
  { onLoopback, nameServer: server }: ProviderConfig,
  log: Logger,
): Promise<OpenProvidersOptions['loopback']> {
  if (onLoopback === null) return { isAllowed: false, authorities: [] }
  const authorities = (await readPem(onLoopback)).match(CERTIFICATE) ?? []
  log.warn(
    { file: onLoopback, authorities: authorities.length },
    'identity providers may be on this machine, under authorities of a file: for tests and drills alone',
  )
  return { isAllowed: true, authorities, ...(server !== null && { nameServer: server }) }
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new Error(`HOLDFAST_PROVIDERS_ON_LOOPBACK: ${file} cannot be read (${code}).`, { cause })
  }
}
