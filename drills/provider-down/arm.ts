import type { Progress } from '../frame/progress.ts'
import type { Stage } from '../frame/stage.ts'
import type { Load } from '../load/start-load.ts'
import type { Member } from './people.ts'
import type { Plan } from './plan.ts'
import type { RunningOutside } from './start-outside.ts'

/** One of the two systems that the drill is done to: started beside the world outside, with everybody signed in once. */
export interface OpenArm {
  load: Load
  /** What it holds of each provider, by the customer's key; null: it has no opinion of its own. */
  readVerdicts: ((signal: AbortSignal) => Promise<Record<string, VerdictSeen>>) | null
  /** Keys that could not be fetched for so long; what time cannot be waited for is moved. */
  outliveKeys(customer: string, ageMs: number): Promise<void>
  /** After all: whose account, picture or telephone number is not as it was, and how many accounts there are too many. */
  readAccounts(signal: AbortSignal): Promise<AccountsSeen | null>
  stop(): Promise<Record<string, unknown>>
}

export interface VerdictSeen {
  state: string
  isOpen: boolean
  /** Counts changes, where the arm counts them. */
  epoch: number | null
}

export interface AccountsSeen {
  looked: number
  changed: number
  tooMany: number
}

export type OpenArmOf = (scene: {
  stage: Stage
  plan: Plan
  outside: RunningOutside
  members: Member[]
  progress: Progress
}) => Promise<OpenArm>
