import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { favour } from '../../drills/load/start-load.ts'
import { childEnvironment, type Stage } from '../../drills/frame/stage.ts'
import type { Sample } from '../figures/sample.ts'
import { answerOf } from '../peers/messages.ts'
import type { Ask } from './ask.ts'
import type { FromLoad, LoadRun, ToLoad } from './load-process.ts'

/** Making the requests of a hundred thousand people takes a second. */
const PREPARE_DEADLINE_MS = 20_000
/** Past what was asked for: connections, the last answers, and their deadline. */
const RUN_MARGIN_MS = 20_000

export interface Generator {
  prepare(name: string, ask: Ask): Promise<void>
  run(run: LoadRun): Promise<Sample>
}

export function startGenerator(stage: Stage): Generator {
  const child = stage.spawn('load', process.execPath, [fileURLToPath(new URL('load-process.ts', import.meta.url))], {
    env: childEnvironment({}),
    hasChannel: true,
    detached: true,
    serialization: 'advanced',
  })
  favour(child.pid)
  const send = (message: ToLoad) => child.send(message)
  return {
    async prepare(name, ask) {
      send({ type: 'prepare', name, ask })
      await answer(child, 'ready', stage.signal, PREPARE_DEADLINE_MS)
    },
    async run(run) {
      send({ type: 'run', run })
      return (await answer(child, 'sample', stage.signal, run.warmMs + run.forMs + RUN_MARGIN_MS)).sample
    },
  }
}

function answer<Type extends FromLoad['type']>(
  child: ChildProcess,
  type: Type,
  signal: AbortSignal,
  deadlineMs: number,
) {
  return answerOf<Extract<FromLoad, { type: Type }>>(child, { type, who: 'generator', signal, deadlineMs })
}
