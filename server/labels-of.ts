import type { Features } from './features.ts'
import type { LabelsOf } from './ground/audit/index.ts'
import type { Database } from './platform/database/index.ts'

/** Names of today for the ids in the audit, kind by kind; a kind that is not here is shown by its id. */
export function labelsOver(
  {
    identity,
    directory,
    tenants,
    tokens,
    providers,
  }: Pick<Features, 'identity' | 'directory' | 'tenants' | 'tokens' | 'providers'>,
  db: Database,
): LabelsOf {
  const kinds: Record<string, (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>> = {
    async user(ids) {
      const people = await identity.namesOf(db, ids)
      return new Map([...people].map(([id, { email, name }]) => [id, name ?? email]))
    },
    token: (ids) => tokens.names(db, ids),
    organization: (ids) => tenants.names(db, ids),
    async application(ids) {
      return new Map(ids.flatMap((id) => (directory.find(id) ? [[id, directory.find(id)!.name]] : [])))
    },
    async provider(ids) {
      return new Map(ids.flatMap((id) => (providers.find(id) ? [[id, providers.find(id)!.name]] : [])))
    },
  }
  return async (kind, ids) => (ids.length === 0 ? new Map() : ((await kinds[kind]?.(ids)) ?? new Map()))
}
