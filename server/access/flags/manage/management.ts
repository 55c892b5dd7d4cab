import type { Scope } from '../../../ground/environment/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Guard } from '../../../platform/http/index.ts'
import type { Flags } from '../open-flags.ts'
import type { LabelsOf } from './told.ts'

/** What the management of flags is handed: the front of the feature, who may call, and names for ids. */
export interface Management {
  flags: Pick<Flags, 'current' | 'standing' | 'verbs' | 'reads' | 'once' | 'write'>
  clock: Clock
  labelsOf: LabelsOf
  staff(scope: Scope): Guard
}
