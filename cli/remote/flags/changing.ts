import { ask } from '../ask.ts'
import type { Connection } from '../connection.ts'
import type { Asked } from '../read-words.ts'
import { answerOf, at, Ended, ending, print, printJson, refused } from './asking.ts'
import { changeMany } from './confirming.ts'
import { type Flag, flagAt, readJson, showFlag } from './reading.ts'

interface Changed {
  change_id: string | null
  number: string
  keys: string[]
  flag?: Flag
}

const keyIn = (path: string, place = 3) => decodeURIComponent(path.split('?')[0]!.split('/')[place]!)

function tell({ change_id, number, flag }: Changed): void {
  if (flag) showFlag(flag)
  if (change_id === null) print('Nothing had to be changed.')
  else print(`Done: ${number}. "holdfast flags undo ${change_id}" takes it back.`)
}

/** One call that changes something, and what came of it. */
export const change = (connection: Connection, { method, path, body, isJson }: Asked) =>
  ending(async () => {
    const done = await answerOf<Changed>(connection, `${method as 'POST'} ${path}` as 'POST /', body ?? {})
    if (isJson) printJson(done)
    else tell(done)
  })

const EMPTY = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' }

/** Makes a flag or changes it: what is not given stays, and a flag that is not there is a boolean that is off. */
export const setFlag = (connection: Connection, { path, body, isJson }: Asked) =>
  ending(async () => {
    const key = keyIn(path)
    const { definition: file, variants, default: defaultVariant, state, targeting, ...rest } = body ?? {}
    if (state !== undefined && state !== 'on' && state !== 'off') throw refused('--state is on or off.')
    const there = await existing(connection, key)
    const whole = typeof file === 'string' ? await readJson(file) : (there?.definition ?? EMPTY)
    const definition = {
      ...whole,
      ...(variants !== undefined && { variants }),
      ...(defaultVariant !== undefined && { defaultVariant }),
      ...(targeting !== undefined && { targeting }),
      ...(state !== undefined && { state: state === 'on' ? 'ENABLED' : 'DISABLED' }),
    }
    const done = there
      ? await answerOf<Changed>(connection, `PATCH /v1/flags/${at(key)}`, {
          ...rest,
          made_on: there.version,
          definition,
        })
      : await answerOf<Changed>(connection, 'POST /v1/flags', { ...rest, key, definition })
    if (isJson) printJson(done)
    else tell(done)
  })

async function existing(connection: Connection, key: string): Promise<Flag | undefined> {
  const answered = await ask(connection, { method: 'GET', path: `/v1/flags/${at(key)}`, body: undefined })
  if (answered.outcome === 'ok') return answered.body as Flag
  if (/ answered 404 flags\.not_found/.test(answered.line)) return undefined
  throw new Ended(answered.exit, answered.line)
}

/** The ramp, over what is there now: if somebody changes the flag between the two calls, nothing is done. */
export const rollOut = (connection: Connection, { path, body, isJson }: Asked) =>
  ending(async () => {
    const key = keyIn(path)
    const { segment, where, ...rest } = body ?? {}
    if (segment !== undefined && where !== undefined) throw refused('give --segment or --where, not both.')
    const conditions = segment === undefined ? where : [{ segment, is: 'in' }]
    const { version } = await flagAt(connection, key)
    const asked = { ...rest, made_on: version, ...(conditions !== undefined && { of: { conditions } }) }
    const done = await answerOf<Changed>(connection, `POST /v1/flags/${at(key)}/rollout`, asked)
    if (isJson) printJson(done)
    else tell(done)
  })

export const importFlags = (connection: Connection, asked: Asked) =>
  ending(async () => {
    const { file = '-', ...rest } = asked.body ?? {}
    const definition = await readJson(String(file))
    await changeMany(connection, '/v1/flags/import', { ...asked, body: { ...rest, definition } }, { wanted: false })
  })

export const restoreFlags = (connection: Connection, asked: Asked) =>
  ending(() => changeMany(connection, '/v1/flags/restore', asked, { wanted: true }))

export const adoptFlags = (connection: Connection, asked: Asked) =>
  ending(() => changeMany(connection, '/v1/flags/adopt', asked, { wanted: true }))
