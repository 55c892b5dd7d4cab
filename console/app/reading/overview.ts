import { queryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import { isFailure } from '../api/failure.ts'
import { type Figure, type FigureName, figureNames, type Overview } from '../api/wire.ts'
import { api } from '../paths.ts'

/** Short enough that a hanging access is noticed while somebody looks at the page. */
const DEADLINE_MS = 3000
const RHYTHM_MS = 2000
/** In an outage we look more often, so that the page is right again within two seconds of the return. */
const OUTAGE_RHYTHM_MS = 1000
/** A refusal is an answer and not an outage; but somebody may sign in beside us, or be made an administrator. */
const REFUSED_RHYTHM_MS = 15_000

/** A figure, and the last value that this page saw of it. */
export type RememberedFigure = Figure & { last: { value: number; as_of: string | null } | null }
export type SeenOverview = Omit<Overview, 'figures'> & { figures: Record<FigureName, RememberedFigure> }

const queryKey = ['overview']

/** The state of everything, read every two seconds while somebody looks. All pages lean on it to know what they cannot know. */
export const overviewQuery = queryOptions({
  queryKey,
  queryFn: async ({ client, signal }) => {
    const next = await call<Overview>({ path: api.overview(), signal, deadlineMs: DEADLINE_MS })
    return rememberFigures(client.getQueryData<SeenOverview>(queryKey), next)
  },
  refetchInterval: ({ state }) => {
    if (isFailure(state.error, 'signed-out') || isFailure(state.error, 'forbidden')) return REFUSED_RHYTHM_MS
    return state.status === 'success' && allIsSeen(state.data) ? RHYTHM_MS : OUTAGE_RHYTHM_MS
  },
  staleTime: RHYTHM_MS,
})

/** Keeps the last value of each figure through the time in which nobody can know it. */
export function rememberFigures(before: SeenOverview | undefined, now: Overview): SeenOverview {
  const figures = figureNames.map((name) => {
    const { value, as_of } = now.figures[name]
    const last = value === null ? (before?.figures[name].last ?? null) : { value, as_of }
    return [name, { value, as_of, last }]
  })
  return { ...now, figures: Object.fromEntries(figures) }
}

function allIsSeen(overview: Pick<Overview, 'dependencies'> | undefined): boolean {
  return overview?.dependencies.every(({ state }) => state === 'ok') ?? false
}
