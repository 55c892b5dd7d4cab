/** `crypto.randomUUID` is missing on plain http away from localhost; random bytes are not. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * One key for one thing that was asked for: the same again is a retry and bears the same key, so that an answer that was
 * lost makes nothing twice; something else is a new request.
 */
export function openKeyRing(newKey: () => string = newIdempotencyKey) {
  let kept: { asked: string; key: string } | null = null
  return {
    keyFor(asked: unknown): string {
      const text = JSON.stringify(asked) ?? ''
      if (kept?.asked !== text) kept = { asked: text, key: newKey() }
      return kept.key
    },
    /** After it was done: the same once more is wanted once more. */
    forget() {
      kept = null
    },
  }
}
