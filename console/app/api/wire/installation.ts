import type { StaffRole } from './scopes.ts'

/** What is in force, and where it came from. Secrets are told as set or not set. */
export interface Setting {
  variable: string
  value: string | null
  from: string
  means: string
}
export interface Settings {
  environment: string
  settings: Setting[]
}

export interface StaffMember {
  user: { id: string; email: string | null; name: string | null }
  role: StaffRole
  created_at: string | null
  created_by: string | null
}

/** One printed set a person; the codes themselves are shown once. */
export interface CodeSet {
  user: { id: string; email: string | null; name: string | null }
  printed_at: string | null
  left: number
}

export interface Backups {
  /** How often by itself; null: nothing runs by itself. */
  schedule: string | null
  target: string | null
  last: { at: string; archive: string | null; size: number; age_s: number; took_s: number } | null
  /** The newest backup that was restored elsewhere and signed in against. */
  proved: {
    at: string
    archive: string | null
    /** What would have been lost then: `2 h`. */
    recovery_point: string | null
    recovery_time_s: number | null
  } | null
  problems: string[]
}

export const foundKinds = [
  'user',
  'organization',
  'application',
  'provider',
  'session',
  'token',
  'flag',
  'segment',
  'page',
] as const
export type FoundKind = (typeof foundKinds)[number]

/** One thing that a search over everything found. */
export interface Found {
  kind: FoundKind
  id: string
  title: string
  subtitle: string | null
  url: string
}
