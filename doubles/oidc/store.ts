import type { Adapter, AdapterPayload } from 'oidc-provider'

/** A drill makes a few thousand sign-ins of four entries each; the oldest give way. */
const ENTRIES_MAX = 50_000

/** What the provider remembers, apart from the provider: it is made anew with each rotation, and sign-ins go on. */
export function openStore(): (model: string) => Adapter {
  const entries = new Map<string, AdapterPayload>()
  const find = (model: string, is: (entry: AdapterPayload) => boolean) => {
    for (const [key, entry] of entries) if (key.startsWith(`${model}:`) && is(entry)) return entry
    return undefined
  }
  return (model) => ({
    async upsert(id, payload) {
      const oldest = entries.keys().next().value
      if (entries.size >= ENTRIES_MAX && oldest !== undefined) entries.delete(oldest)
      entries.set(`${model}:${id}`, payload)
    },
    find: async (id) => entries.get(`${model}:${id}`),
    findByUid: async (uid) => find(model, (entry) => entry.uid === uid),
    findByUserCode: async (userCode) => find(model, (entry) => entry.userCode === userCode),
    async consume(id) {
      const entry = entries.get(`${model}:${id}`)
      if (entry) entry.consumed = Math.floor(Date.now() / 1000)
    },
    async destroy(id) {
      entries.delete(`${model}:${id}`)
    },
    async revokeByGrantId(grantId) {
      for (const [key, entry] of entries) if (entry.grantId === grantId) entries.delete(key)
    },
  })
}
