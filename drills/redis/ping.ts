import { connect } from 'node:net'
import { monotonicMs } from '../frame/clock.ts'
import { waitUntil } from '../frame/wait.ts'

/** What nearly everybody watches a Redis with: a PING once a second, and a second to answer it. */
const EVERY_MS = 1000
const DEADLINE_MS = 1000

export interface PingSample {
  atMs: number
  isUp: boolean
}

/** Pings on a connection of its own each time, until it is told to stop. */
export async function watchByPing(port: number, samples: PingSample[], signal: AbortSignal): Promise<void> {
  for (let nextMs = monotonicMs(); !signal.aborted; nextMs += EVERY_MS) {
    await waitUntil(nextMs, signal).catch(() => {})
    if (signal.aborted) return
    const atMs = monotonicMs()
    samples.push({ atMs, isUp: await ping(port) })
  }
}

export function ping(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    const done = (isUp: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(isUp)
    }
    const timer = setTimeout(() => done(false), DEADLINE_MS)
    socket.once('connect', () => socket.write('PING\r\n'))
    socket.once('data', (answer) => done(answer.toString('latin1').startsWith('+PONG')))
    socket.once('error', () => done(false)).once('close', () => done(false))
  })
}
