import { randomFillSync } from 'node:crypto'

/** A question to the kernel costs 20 µs here, whatever it is for: it is asked for some at a time, as `randomUUID` does. */
const POOL_BYTES = 4096
const pool = Buffer.alloc(POOL_BYTES)
let used = POOL_BYTES

/** Cryptographically random. What was handed out is overwritten here: no secret is left behind in the pool. */
export function randomBytesOf(count: number): Buffer {
  if (count > POOL_BYTES) return randomFillSync(Buffer.alloc(count))
  if (used + count > POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = Buffer.from(pool.subarray(used, used + count))
  pool.fill(0, used, used + count)
  used += count
  return bytes
}
