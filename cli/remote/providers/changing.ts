import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { EXIT } from '../../command.ts'
import type { Connection } from '../connection.ts'
import { answerOf, Ended, ending, print, printJson, refused } from '../flags/asking.ts'
import { detailOf } from '../print.ts'
import type { Asked } from '../read-words.ts'

export interface Provider {
  id: string
  name: string
  preset: string
  domains: string[]
  is_enabled: boolean
  callback_url: string
  verdict: { state: string; since: string; is_open: boolean; sentence: string } | null
}

/** More than any secret of an identity provider; a file that was named by mistake is not sent. */
const SECRET_LENGTH_MAX = 2000

/** Never an argument: those stand in the list of processes and in the history of the shell. */
async function readSecret(file: string): Promise<string> {
  let said: string
  try {
    said = file === '-' ? await text(process.stdin) : readFileSync(file, 'utf8')
  } catch (error) {
    throw refused(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
  const secret = said.trim()
  const where = file === '-' ? 'standard input' : file
  if (secret === '') throw refused(`${where} holds no secret.`)
  if (secret.length > SECRET_LENGTH_MAX || /[\r\n]/.test(secret)) throw refused(`${where} is no client secret.`)
  return secret
}

const claims = { true: true, false: false } as const
const isClaim = (said: unknown): said is keyof typeof claims => said === 'true' || said === 'false'

/** What the API takes: the secret read, claims as such. */
async function readBody(given: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { client_secret_file: file, is_public: isPublic, ...rest } = given
  if (file !== undefined && isPublic) throw refused('give --client-secret-file or --public, not both.')
  const body = { ...rest }
  for (const name of ['trusts_email', 'trusts_factors'] as const) {
    const said = body[name]
    if (said === undefined) continue
    if (!isClaim(said)) throw refused(`--${name.replace('_', '-')} is true or false.`)
    body[name] = claims[said]
  }
  const { keys_good_for: goodFor, ...others } = body
  return {
    ...others,
    ...(goodFor !== undefined && { keys_good_for_ms: readGoodFor(String(goodFor)) }),
    ...(file !== undefined && { client_secret: await readSecret(String(file)) }),
    ...(isPublic === true && { client_secret: null, token_endpoint_auth: 'none' }),
  }
}

const HOUR_MS = 60 * 60_000
const unitsMs: Record<string, number> = { h: HOUR_MS, d: 24 * HOUR_MS }
/** As access has it: a week-old key is the most that anybody should have to believe. */
const GOOD_FOR_MAX_MS = 7 * 24 * HOUR_MS

function readGoodFor(said: string): number {
  const [, count, unit] = /^(\d{1,3})([hd])$/.exec(said) ?? []
  const ms = Number(count) * (unitsMs[unit ?? ''] ?? Number.NaN)
  if (ms >= HOUR_MS && ms <= GOOD_FOR_MAX_MS) return ms
  throw refused(`--keys-good-for is 1h to 7d, such as 36h; it was given "${said}".`)
}

export const addProvider = (connection: Connection, { body, isJson }: Asked) =>
  ending(async () => {
    const made = await answerOf<Provider>(connection, 'POST /v1/providers', await readBody(body ?? {}))
    if (isJson) return printJson(made)
    process.stdout.write(detailOf(made))
    print('', `Allow ${made.callback_url} on the other side, then: holdfast providers test ${made.id}`)
  })

export const editProvider = (connection: Connection, { path, body, isJson }: Asked) =>
  ending(async () => {
    const change = await readBody(body ?? {})
    if (Object.keys(change).length === 0) throw refused('providers edit changes nothing: say what.')
    const changed = await answerOf<Provider & { tested_at: string | null }>(
      connection,
      `PATCH ${path}` as 'PATCH /',
      change,
    )
    if (isJson) return printJson(changed)
    process.stdout.write(detailOf(changed))
    if (changed.tested_at === null) print('', `It has to be tested again: holdfast providers test ${changed.id}`)
  })

interface Tested {
  steps: { name: string; outcome: 'good' | 'bad'; detail: string }[]
  is_good: boolean
}

/** Each step on a line; what is not good is exit code 1, for whoever runs it each night. */
export const testProvider = (connection: Connection, { path, isJson }: Asked) =>
  ending(async () => {
    if (process.stderr.isTTY) process.stderr.write('Asking the provider; this takes some seconds.\n')
    const { steps, is_good: isGood } = await answerOf<Tested>(connection, `POST ${path}` as 'POST /', {})
    if (isJson) printJson({ steps, is_good: isGood })
    else {
      const width = Math.max(0, ...steps.map(({ name }) => name.length))
      print(...steps.map(({ name, outcome, detail }) => `${outcome.padEnd(4)}  ${name.padEnd(width)}  ${detail}`))
      print(isGood ? 'It can be enabled.' : 'It cannot be enabled: what follows something bad was not tried.')
    }
    if (!isGood) throw new Ended(EXIT.notHeld)
  })

export const orderProvider = (connection: Connection, { path, body, isJson }: Asked) =>
  ending(async () => {
    const { ordered, minutes = ORDER_MINUTES, ...rest } = body ?? {}
    if (ordered !== 'open' && ordered !== 'closed')
      throw refused('an order is "open" (people are sent another way) or "closed" (they are not, whatever is seen).')
    const order = { ...rest, ordered, minutes }
    const verdict = await answerOf<{ ordered_until: string }>(connection, `POST ${path}` as 'POST /', order)
    if (isJson) printJson(verdict)
    else print(`Ordered ${ordered} until ${verdict.ordered_until}. "holdfast providers lift-order" takes it back.`)
  })

/** Long enough to look into it, and nobody has to remember to take it back. */
const ORDER_MINUTES = 60
