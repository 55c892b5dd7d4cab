import type { Provider } from '../provider.ts'
import type { ProviderRow } from '../queries.ts'

/** What a client secret is sealed for. */
export const SEAL_PURPOSE = 'provider client secret'

/** Of the database or of the disk, where times are text. */
export function toProvider(row: ProviderRow, domains: readonly string[]): Provider {
  const { client_secret_sealed: _, keys_good_for_ms, ...rest } = row
  const date = (at: Date | string | null) => (at === null ? null : new Date(at))
  return {
    ...rest,
    domains: [...domains],
    keys_good_for_ms: Number(keys_good_for_ms),
    client_secret_expires_at: date(row.client_secret_expires_at),
    email_counts_from: date(row.email_counts_from),
    factors_count_from: date(row.factors_count_from),
    tested_at: date(row.tested_at),
    created_at: new Date(row.created_at),
    changed_at: new Date(row.changed_at),
  }
}
