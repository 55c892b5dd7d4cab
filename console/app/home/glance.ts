import type { Dependency } from '../api/wire.ts'
import type { Outage } from '../reading/outage.ts'
import type { State } from '../ui/state-mark.tsx'

/** What one look at the installation tells, worst first. Pure, so that its promises are tested without a browser. */
export interface Glance {
  state: State
  headline: string
  /** False while access itself is silent: then it cannot be said that nothing is wrong. */
  canSee: boolean
  wrong: Dependency[]
  unseen: Dependency[]
  dependencies: Dependency[]
}

export function glanceAt(dependencies: readonly Dependency[], outage: Outage | null): Glance {
  if (outage?.of === 'access') return withoutAccess(dependencies, outage)
  const wrong = dependencies.filter(({ state }) => state === 'failing')
  const unseen = dependencies.filter(({ state }) => state === 'unknown')
  const well = dependencies.filter(({ state }) => state === 'ok')
  return { ...judge(wrong, unseen), canSee: true, wrong, unseen, dependencies: [...wrong, ...unseen, ...well] }
}

/** While access is silent nobody looks at its dependencies: what was ok then is unknown now. */
function withoutAccess(dependencies: readonly Dependency[], { since }: Outage): Glance {
  const names = dependencies.map(nameOf).join(', ')
  const detail = `It is asked again every second. Until it answers nothing is known of what it leans on: ${names}.`
  return {
    state: 'unknown',
    headline: 'Access does not answer; retrying',
    canSee: false,
    wrong: [],
    unseen: [{ name: 'access', state: 'unknown', since, age_ms: null, detail }],
    dependencies: dependencies.map((dependency) => ({
      ...dependency,
      state: 'unknown',
      since,
      detail: `Was ${dependency.state} when access last answered.`,
    })),
  }
}

function judge(wrong: Dependency[], unseen: Dependency[]): Pick<Glance, 'state' | 'headline'> {
  if (wrong.length === 1) return { state: 'failing', headline: sayWrong(wrong[0]!) }
  if (wrong.length > 1) return { state: 'failing', headline: `${wrong.length} dependencies are failing` }
  if (unseen.length === 1) return { state: 'unknown', headline: `${nameOf(unseen[0]!)} cannot be seen` }
  if (unseen.length > 1) return { state: 'unknown', headline: `${unseen.length} dependencies cannot be seen` }
  return { state: 'ok', headline: 'All is well' }
}

/** Of these it is not they who fail, or not one thing: held flags answer everybody as before. */
const wrongInWords: Record<string, string> = {
  flags: 'Flags are held',
  providers: 'An identity provider is down',
  'fall-back': 'The fall-back does not work',
}

const sayWrong = (dependency: Dependency): string => wrongInWords[dependency.name] ?? `${nameOf(dependency)} is failing`

/** `Database`, `Mail A`. */
export function nameOf({ name }: Pick<Dependency, 'name'>): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

const plain: Record<Dependency['state'], string> = {
  ok: 'Answers.',
  failing: 'Does not work.',
  unknown: 'Has not answered, so its state is not known.',
}

export function sentenceOf({ detail, state }: Pick<Dependency, 'detail' | 'state'>): string {
  return detail ?? plain[state]
}
