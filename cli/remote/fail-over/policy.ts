import { printable } from '../ask.ts'
import type { Connection } from '../connection.ts'
import { answerOf, ending, print, printJson, refused } from '../flags/asking.ts'
import { readJson } from '../flags/reading.ts'
import type { Asked } from '../read-words.ts'
import { type Counted, showWhys } from './showing.ts'

interface Policy {
  provider_id: string | null
  ordinary: string[]
  demands: string
  passkeys: string
  fail_over: FailOver | null
}
interface FailOver {
  ways: string[]
  seen_within_days: number
  session_minutes: number
  unknown_opens: boolean
}
interface Shown {
  policy: Policy
  epoch: number
  warning: string | null
  waiting: { policy: Policy; takes_effect_at: string; asked_by: string; reason: string | null } | null
}

interface Preview {
  now: Counted
  asked: Counted
  warning: string | null
}

/** Where fail-over is switched on and nothing more is said of it. */
const FAIL_OVER: FailOver = { ways: ['passkey'], seen_within_days: 30, session_minutes: 480, unknown_opens: false }

export const getPolicy = (connection: Connection, { path, isJson }: Asked) =>
  ending(async () => {
    const shown = await answerOf<Shown>(connection, `GET ${path}` as 'GET /')
    if (isJson) return printJson(shown)
    tell(shown)
  })

/** What is in force with what is given over it; shown with who could sign in under it, and then saved. */
export const setPolicy = (connection: Connection, { path, body, isJson }: Asked) =>
  ending(async () => {
    const { reason = null, dry_run: isDry, ...given } = body ?? {}
    const { policy: before, epoch } = await answerOf<Shown>(connection, `GET ${path}` as 'GET /')
    const policy = await changed(before, given)
    const previewed = `${path.replace(/sign-in-policy$/, 'fail-over-preview')}?${new URLSearchParams({ policy: JSON.stringify(policy) })}`
    const preview = await answerOf<Preview>(connection, `GET ${previewed}` as 'GET /')
    if (isDry) return isJson ? printJson({ policy, preview }) : showPreview(policy, preview)
    if (!isJson) showPreview(policy, preview)
    const saved = await answerOf<Shown>(connection, `PUT ${path}` as 'PUT /', { policy, reason, epoch })
    if (isJson) return printJson(saved)
    const { waiting, warning } = saved
    if (warning !== preview.warning) warn(warning)
    if (waiting === null) print('', 'It is in force.')
    else print('', `It is looser than what is in force, and waits until ${waiting.takes_effect_at} at the earliest.`)
  })

async function changed(before: Policy, given: Record<string, unknown>): Promise<Policy> {
  const { file, provider, ordinary, demands, passkeys, ...failOver } = given
  if (file !== undefined && Object.keys(given).length > 1)
    throw refused('give --file, or what is to be changed; not both.')
  if (file !== undefined) return (await readJson(String(file))) as unknown as Policy
  if (Object.keys(given).length === 0) throw refused('policy set changes nothing: say what.')
  return {
    ...before,
    ...(provider !== undefined && { provider_id: provider === 'none' ? null : String(provider) }),
    ...(ordinary !== undefined && { ordinary: ordinary as string[] }),
    ...(demands !== undefined && { demands: String(demands) }),
    ...(passkeys !== undefined && { passkeys: String(passkeys) }),
    fail_over: failOverOf(before.fail_over, failOver),
  }
}

function failOverOf(before: FailOver | null, given: Record<string, unknown>): FailOver | null {
  const { fail_over: ways, unknown_opens: opens, ...numbers } = given
  if (Array.isArray(ways) && ways.join() === 'none') {
    if (Object.keys(given).length > 1) throw refused('--fail-over none takes nothing beside it.')
    return null
  }
  if (Object.keys(given).length === 0) return before
  if (opens !== undefined && opens !== 'true' && opens !== 'false') throw refused('--unknown-opens is true or false.')
  return {
    ...(before ?? FAIL_OVER),
    ...(ways !== undefined && { ways: ways as string[] }),
    ...(opens !== undefined && { unknown_opens: opens === 'true' }),
    ...numbers,
  }
}

function tell({ policy, waiting, warning }: Shown): void {
  print(...linesOf(policy))
  if (waiting) {
    const why = waiting.reason === null ? '' : ` (${waiting.reason})`
    print('', `Waits until ${waiting.takes_effect_at}, asked for by ${waiting.asked_by}${why}:`)
    print(...linesOf(waiting.policy))
  }
  warn(warning)
}

const linesOf = ({ provider_id: provider, ordinary, demands, passkeys, fail_over: failOver }: Policy) => [
  `provider    ${provider ?? 'none'}`,
  `ordinary    ${ordinary.join(', ')}`,
  `demands     ${demands}`,
  `passkeys    ${passkeys}`,
  `fail-over   ${
    failOver === null
      ? 'none: nobody is let in another way'
      : `${failOver.ways.join(', ')}; seen within ${failOver.seen_within_days} days; ${failOver.session_minutes} minutes${failOver.unknown_opens ? '; also while it is unknown' : ''}`
  }`,
]

function showPreview(policy: Policy, { now, asked, warning }: Preview): void {
  print(...linesOf(policy), '', `Now:   ${now.sentence}`, `Then:  ${asked.sentence}`, ...showWhys(asked))
  warn(warning)
}

/** Beside what is read from a pipe. An older Holdfast says nothing of it. */
function warn(warning: string | null | undefined): void {
  if (warning) process.stderr.write(`Warning: ${printable(warning)}\n`)
}
