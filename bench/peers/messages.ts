import type { ChildProcess } from 'node:child_process'

/** The next message of this type from a child; its own failure, its end, the deadline and an interrupt reject. */
export async function answerOf<Answer>(
  child: ChildProcess,
  wanted: { type: string; who: string; signal: AbortSignal; deadlineMs: number },
): Promise<Answer> {
  const { type, who, deadlineMs } = wanted
  const signal = AbortSignal.any([wanted.signal, AbortSignal.timeout(deadlineMs)])
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const onExit = (code: number | null) => reject(new Error(`The ${who} ended early (exit code ${code}).`))
  const onAbort = () => {
    reject(wanted.signal.aborted ? wanted.signal.reason : new Error(`The ${who} did not answer in ${deadlineMs} ms.`))
  }
  const onMessage = (message: { type: string; message?: string }) => {
    if (message.type === 'failed') reject(new Error(`The ${who} failed: ${message.message}`))
    else if (message.type === type) resolve(message as Answer)
  }
  child.on('message', onMessage).on('exit', onExit)
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  if (child.exitCode !== null) onExit(child.exitCode)
  try {
    return await promise
  } finally {
    child.off('message', onMessage).off('exit', onExit)
    signal.removeEventListener('abort', onAbort)
  }
}
