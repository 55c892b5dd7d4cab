import type { Definition, FlagDefinition, FlagType } from '@holdfast/sdk/evaluate'

/** Flags and segments as access tells them to people: sentences beside the JSON, names beside ids. */

/** `e3.s1893`: epoch and place in it. */
export type FlagNumber = string

export interface Who {
  id: string
  label: string | null
}

interface Named {
  key: string
  name: string | null
  description: string | null
  tags: string[]
  /** Its rule in words. */
  sentence: string
  /** Of its last change; what `made_on` takes. */
  version: FlagNumber
  created_at: string
  created_by: Who
  changed_at: string
  changed_by: Who
  archived_at: string | null
}

export interface FlagRow extends Named {
  type: FlagType
  is_enabled: boolean
  default_variant: string | null
  variants: string[]
  is_client: boolean
}

export interface Flag extends FlagRow {
  definition: FlagDefinition
  /** A branch each. */
  rules: string[]
  on_unknown: string
  segments: string[]
}

export interface Segment extends Named {
  /** JSONLogic. */
  definition: unknown
}

export const flagStates = ['live', 'archived', 'all'] as const
export type FlagStateFilter = (typeof flagStates)[number]

/** A list of them also says which number it is of, and how many are delivered whatever was asked. */
export interface FlagPage<Row> {
  data: Row[]
  next_cursor: string | null
  number: FlagNumber | null
  total: number
  standing: FlagStanding
}

/** Whether changes can be made. `holding`: the tables lost something, and the last good number is served until somebody decides. */
export interface FlagStanding {
  state: 'following' | 'holding' | 'unknown'
  fault: 'wiped' | 'behind' | 'forked' | 'quarantined' | null
  sentence: string
}

/** What was done; `change_id` is null when nothing had to be. */
export interface FlagsChanged {
  change_id: string | null
  number: FlagNumber
  keys: string[]
}

export interface FlagChanged extends FlagsChanged {
  flag: Flag
}
export interface SegmentChanged extends FlagsChanged {
  segment: Segment
}

export type FlagKind = 'flag' | 'segment' | 'set'

/** One row of the history. */
export interface FlagChange {
  change_id: string
  number: FlagNumber
  at: string
  kind: FlagKind
  /** Empty for the set. */
  key: string
  deed: string
  diff: string[]
  by: Who & { kind: string }
  reason: string | null
  can_undo: boolean
}

export interface FlagDifference {
  kind: FlagKind
  key: string
  diff: string[]
}

/** What a restore would do. */
export interface FlagRehearsal {
  added: number
  changed: number
  removed: number
  /** What has to be sent as `confirm`; null: nothing. */
  confirm: number | null
  differences: FlagDifference[]
}

export interface FlagsRestored extends FlagsChanged {
  added: number
  changed: number
  removed: number
  /** What was served until then; to be kept. */
  before: { number: FlagNumber | null; made_at: string | null; definition: Definition }
}

/** The first number that the new key has signed. */
export type FlagKeyRotated = Pick<FlagsChanged, 'change_id' | 'number'>

export const flagSources = ['live', 'disk', 'bootstrap', 'fallback'] as const

/** A process that evaluates flags, as it last told of itself. */
export interface FleetMember {
  /** `access`: a process of access itself. */
  application: string
  instance: string
  epoch: number
  seq: number
  source: (typeof flagSources)[number]
  age_ms: number | null
  /** By flag: how often the caller's own default was the answer. */
  fallbacks: Record<string, number>
  faults: { code: string; detail: string }[]
  reported_at: string
}

export interface FlagFleet {
  epoch: number | null
  seq: number | null
  data: FleetMember[]
}

export interface FlagMetadataOfAll {
  metadata: Record<string, string | number | boolean>
  version: FlagNumber
}
