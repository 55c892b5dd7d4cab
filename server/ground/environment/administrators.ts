import { join } from 'node:path'
import type { Database } from '../../platform/database/index.ts'
import { readFileIfThere, replaceFile } from '../../platform/durable-file.ts'
import { listStaff } from './queries.ts'
import { isStaffRole, NO_SCOPES, type Scope, type StaffRole, staffRoles } from './scopes.ts'

/** Who may use the console. In memory, and on disk as last known good: in an outage the console still opens to its own. */
export interface Administrators {
  /** Whether the console is open to this person at all, as administrator or support. */
  has(userId: string): boolean
  roleOf(userId: string): StaffRole | undefined
  /** Empty for everybody who is no staff. */
  scopesOf(userId: string): ReadonlySet<Scope>
  reload(): Promise<void>
}

export async function openAdministrators(options: { db: Database; folder: string }): Promise<Administrators> {
  const file = join(options.folder, 'administrators.json')
  let kept = (await readFileIfThere(file)) ?? ''
  let staff = parsed(kept)
  const roleOf = (userId: string) => staff.get(userId)
  return {
    has: (userId) => staff.has(userId),
    roleOf,
    scopesOf(userId) {
      const role = roleOf(userId)
      return role ? staffRoles[role] : NO_SCOPES
    },
    async reload() {
      const found = Object.fromEntries((await listStaff(options.db)).map(({ user_id, role }) => [user_id, role]))
      const text = JSON.stringify(found)
      if (text === kept) return
      staff = parsed(text)
      await replaceFile(file, text)
      kept = text
    },
  }
}

/** A damaged file stops no start, and lets nobody in: PostgreSQL says who, as soon as it is there. */
function parsed(text: string): Map<string, StaffRole> {
  try {
    const found = JSON.parse(text || '{}') as unknown
    // Until 0.1 it was a list of administrators.
    if (Array.isArray(found)) {
      return new Map(found.filter((id) => typeof id === 'string').map((id) => [id, 'administrator']))
    }
    const entries = Object.entries((found ?? {}) as Record<string, unknown>)
    return new Map(entries.filter((entry): entry is [string, StaffRole] => isStaffRole(String(entry[1]))))
  } catch {
    return new Map()
  }
}
