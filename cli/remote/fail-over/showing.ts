import { EXIT } from '../../command.ts'
import type { Connection } from '../connection.ts'
import { answerOf, Ended, ending, print, printJson, refused } from '../flags/asking.ts'
import { tableOf } from '../print.ts'
import type { Asked } from '../read-words.ts'

export interface Counted {
  active: number
  able: Record<string, number>
  ready_percent: number | null
  sentence: string
  whys: { why: string; means: string; people: number }[]
}
interface Readiness extends Counted {
  provider: { id: string; name: string }
  organization: { id: string; name: string } | null
  counted_at: string | null
}

/** A sentence for each provider, why people could not, and the organisations in which most could not. */
export const showReadiness = (connection: Connection, { path, isJson }: Asked) =>
  ending(async () => {
    const least = new URLSearchParams(path.split('?')[1]).get('at_least')
    const told = await answerOf<{ data: (Readiness & { organizations: Readiness[] })[] }>(
      connection,
      'GET /v1/readiness',
    )
    if (isJson) printJson(told)
    else for (const each of told.data) show(each)
    if (!isJson && told.data.length === 0) print('There is no provider that is enabled.')
    if (least !== null) assertAtLeast(told.data, Number(least))
  })

function show({ organizations, ...all }: Readiness & { organizations: Readiness[] }): void {
  print(all.sentence, ...showWhys(all))
  if (all.counted_at !== null) print(`  Counted ${all.counted_at}.`)
  const kept = organizations.filter(({ able }) => (able.no ?? 0) > 0)
  if (kept.length === 0) return
  const columns = [
    ['organisation', 'organization.name'],
    ['active', 'active'],
    ['ready %', 'ready_percent'],
    ['could not', 'able.no'],
  ] as const
  process.stdout.write(`\n${tableOf(columns, kept)}`)
  print(`"holdfast readiness people ${all.provider.id} --able no" names them.`)
}

export const showWhys = ({ whys }: Counted) => whys.map(({ means, people }) => `  ${people} × ${means}`)

/** For whoever runs it each night: below the figure is exit code 1, and so is what was not counted. */
function assertAtLeast(all: readonly Readiness[], percent: number): void {
  if (!(percent >= 0 && percent <= 100)) throw refused('--at-least is 0 to 100.')
  const below = all.filter(
    ({ counted_at, ready_percent: ready }) => counted_at === null || (ready !== null && ready < percent),
  )
  if (below.length === 0) return
  throw new Ended(EXIT.notHeld, `below ${percent} %: ${below.map(({ provider }) => provider.name).join(', ')}.`)
}
