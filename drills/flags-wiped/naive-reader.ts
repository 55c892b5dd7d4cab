import { createClient } from 'redis'
import type { OpenReader } from './app.ts'

export interface NaiveReaderSetup {
  redisUrl: string
}

export const NAIVE_HASH = 'flags'
const READ_EVERY_MS = 1000

/**
 * A small reader as many have written one: all flags from a hash of Redis, once a second, kept in memory. What Redis says
 * is the truth; while it says nothing at all, the last answer holds.
 */
export const openReader = (async ({ redisUrl }: NaiveReaderSetup) => {
  const client = createClient({ url: redisUrl })
  client.on('error', (error) => console.log('Redis Client Error', error))
  await client.connect()
  let flags = new Map<string, ReadonlySet<string>>()
  const read = async () => {
    const stored = await client.hGetAll(NAIVE_HASH)
    flags = new Map(Object.entries(stored).map(([key, text]) => [key, new Set(JSON.parse(text) as string[])]))
  }
  await read()
  setInterval(() => read().catch(console.error), READ_EVERY_MS)
  return {
    answer(flag, organization) {
      const organizations = flags.get(flag)
      // The default in the code: a feature that nobody has heard of is off.
      return { value: organizations?.has(organization) ?? false, source: organizations ? 'redis' : 'fallback' }
    },
    standing: () => ({ number: null, flags: flags.size, isInDoubt: false }),
  }
}) satisfies OpenReader
