/**
 * One Ctrl-C arrives up to four times: from the terminal, and forwarded by npm and by the shim. What comes within this
 * time is the same key.
 */
const SAME_KEY_MS = 500

/** Resolves when the first of the signals that mean "end" arrives. */
export function askedToStop(onSecondKey: () => void): Promise<void> {
  const asked = Promise.withResolvers<void>()
  let firstAt: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      firstAt ??= performance.now()
      asked.resolve()
      if (performance.now() - firstAt > SAME_KEY_MS) onSecondKey()
    })
  }
  return asked.promise
}
