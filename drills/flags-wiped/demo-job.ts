/** What runs before every demo: an empty store, so that nobody sees what was left by the one before. */
import { createClient } from 'redis'

const client = await createClient({ url: process.env.DEMO_REDIS_URL! }).connect()
await client.flushAll()
await client.close()
