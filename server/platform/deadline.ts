/** Thrown when an answer did not come in time. What happened on the other side is not known. */
export class DeadlineExceeded extends Error {
  override name = 'DeadlineExceeded'
  constructor(what: string, ms: number) {
    super(`${what} did not answer within ${ms} ms`)
  }
}

/** Waits for `work` at most `ms`. Cancels nothing: whoever calls has to destroy what hangs. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineExceeded(what, ms)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    // The loser of the race may still fail; nobody is left to hear it.
    work.catch(() => {})
  }
}
