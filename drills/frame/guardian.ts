/**
 * The watchdog: `node guardian.ts <folder> <bound ms>`, a process and a session of its own. It ends everything that the
 * drill started when the drill is gone (its end of the pipe closes, whatever killed it) or has outstayed its bound, so a
 * frozen database never stays frozen because nobody was left to thaw it.
 */
import { rmSync } from 'node:fs'
import { endProcesses } from './end-processes.ts'
import { readLedger } from './ledger.ts'
import { isAlive, signalProcess } from './processes.ts'

const [folder, boundMs] = [process.argv[2]!, Number(process.argv[3])]
let hasBegun = false

async function cleanUp(): Promise<void> {
  if (hasBegun) return
  hasBegun = true
  const drill = readLedger(folder)?.drill
  // Only past the bound is the drill still there, and then it did not stop by itself in the time it had left.
  if (drill && isAlive(drill)) signalProcess(drill.pid, 'SIGKILL')
  if (drill) {
    const { remaining } = await endProcesses(folder)
    if (remaining.length === 0) rmSync(folder, { recursive: true, force: true })
  }
  process.exit()
}

// A drill that ended well has removed its folder, and with it the ledger: then there is nothing left to do.
process.stdin.resume().on('end', cleanUp).on('error', cleanUp)
setTimeout(cleanUp, boundMs)
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
