import { join } from 'node:path'
import type { Database } from '../../../platform/database/index.ts'
import { readFileIfThere, replaceFile } from '../../../platform/durable-file.ts'
import type { Logger } from '../../../platform/log.ts'
import type { Secret } from '../../../platform/secret.ts'
import type { Provider } from '../provider.ts'
import * as queries from '../queries.ts'
import { SEAL_PURPOSE, toProvider } from './told.ts'

/** All providers in memory, kept on disk as last known good: an outage of the database makes none unknown. */
export interface KnownProviders {
  all(): readonly Provider[]
  find(id: string): Provider | undefined
  /** Among those that are enabled. */
  ofDomain(domain: string): Provider | undefined
  /** Among all. */
  ownerOf(domain: string): string | undefined
  /** Null: it has none. */
  secretOf(id: string): string | null
  reload(): Promise<void>
}

interface Kept {
  providers: queries.ProviderRow[]
  domains: { domain: string; provider_id: string }[]
}

export async function openKnownProviders(options: {
  db: Database
  secret: Secret
  folder: string
  log: Logger
}): Promise<KnownProviders> {
  const { db, secret, folder, log } = options
  const file = join(folder, 'providers.json')
  let known = new Map<string, Provider>()
  let byDomain = new Map<string, string>()
  let sealed = new Map<string, string | null>()
  let keptText = (await readFileIfThere(file)) ?? ''
  if (keptText !== '' && !adopt(keptText)) {
    // Bad bytes stop no start: PostgreSQL has the truth, and the file is written anew from it.
    log.warn({ file }, 'the kept providers are damaged; none is known until the database has told')
    keptText = ''
  }

  function adopt(text: string): boolean {
    const kept = readKept(text)
    if (!kept) return false
    const domains = Map.groupBy(kept.domains, ({ provider_id }) => provider_id)
    const names = (id: string) => (domains.get(id) ?? []).map(({ domain }) => domain)
    known = new Map(kept.providers.map((row) => [row.id, toProvider(row, names(row.id))]))
    byDomain = new Map(kept.domains.map(({ domain, provider_id }) => [domain, provider_id]))
    sealed = new Map(kept.providers.map((row) => [row.id, row.client_secret_sealed]))
    return true
  }

  return {
    all: () => [...known.values()],
    find: (id) => known.get(id),
    ofDomain(domain) {
      const provider = known.get(byDomain.get(domain) ?? '')
      return provider?.is_enabled ? provider : undefined
    },
    ownerOf: (domain) => byDomain.get(domain),
    secretOf(id) {
      const text = sealed.get(id)
      return text ? secret.unseal(SEAL_PURPOSE, text) : null
    },
    async reload() {
      const [providers, domains] = await Promise.all([queries.allProviders(db), queries.allDomains(db)])
      const text = JSON.stringify({ providers, domains } satisfies Kept)
      if (text === keptText) return
      adopt(text)
      await replaceFile(file, text)
      keptText = text
    },
  }
}

/** Undefined: damaged. */
function readKept(text: string): Kept | undefined {
  try {
    const kept = JSON.parse(text) as Partial<Kept> | null
    const isWhole = Array.isArray(kept?.providers) && Array.isArray(kept.domains)
    return isWhole && kept.providers!.every((row) => typeof row?.id === 'string') ? (kept as Kept) : undefined
  } catch {
    // Not JSON is one more way to be damaged; the caller says so.
    return undefined
  }
}
