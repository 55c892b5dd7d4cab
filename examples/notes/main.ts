import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Notes, startNotes } from './start-notes.ts'

/** The first start makes a database before there can be a key; on a slow disk that takes its time. */
const KEY_PATIENCE_MS = 120_000
const KEY_EVERY_MS = 200
/** A stop that takes longer is cut short. */
const STOP_MS = 3000
const EXIT = { done: 0, failed: 1, refused: 2 }

const { HOLDFAST_DEMO_PORT = '4200', HOLDFAST_URL = 'http://localhost:4000', HOLDFAST_DATA = '.holdfast' } = process.env
const folder = join(resolve(HOLDFAST_DATA), 'demo')
const stopping = Promise.withResolvers<'stopped'>()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.resolve('stopped'))
// The supervisor has gone, however it went: nobody is left to stop us.
process.once('disconnect', () => stopping.resolve('stopped'))

const port = Number(HOLDFAST_DEMO_PORT)
if (!Number.isInteger(port) || port < 1 || port > 65_535) {
  end(EXIT.refused, `HOLDFAST_DEMO_PORT is "${HOLDFAST_DEMO_PORT}": give a port from 1 to 65535.`)
}

const key = await Promise.race([readKey(join(folder, 'key')), stopping.promise])
if (key === 'stopped') end(EXIT.done)
const notes = await startNotes({ port, url: HOLDFAST_URL, folder, key }).catch(refused)
process.stdout.write(`fieldnotes ${notes.url}\n`)
await stopping.promise
setTimeout(() => process.exit(EXIT.failed), STOP_MS).unref()
await notes[Symbol.asyncDispose]()
process.exit(EXIT.done)

async function readKey(file: string): Promise<string> {
  const deadline = performance.now() + KEY_PATIENCE_MS
  while (performance.now() < deadline) {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') end(EXIT.refused, `the application key cannot be read: ${error.message}`)
      return ''
    })
    if (text.trim() !== '') return text.trim()
    await pause(KEY_EVERY_MS)
  }
  end(
    EXIT.failed,
    `no application key came into ${file} within ${KEY_PATIENCE_MS / 1000} s: is "holdfast start --demo" running?`,
  )
}

function refused(error: NodeJS.ErrnoException): Notes {
  if (error.code === 'EADDRINUSE') {
    return end(EXIT.refused, `port ${port} is taken: end what uses it, or set HOLDFAST_DEMO_PORT.`)
  }
  return end(EXIT.refused, error.message.replace(/^holdfast: /, ''))
}

function end(code: number, sentence?: string): never {
  if (sentence !== undefined) process.stderr.write(`holdfast: the demo app: ${sentence}\n`)
  process.exit(code)
}
