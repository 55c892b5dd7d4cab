import type { People } from './access/identity/index.ts'
import * as audit from './ground/audit/index.ts'
import * as signals from './ground/signals/index.ts'
import type { Database } from './platform/database/index.ts'

/** Of one kind in one export; with more of them the export says that it is cut. */
const EXPORTED_MAX = 10_000

/** What the ground holds of a person beside what identity, sessions and tenants do: to be exported, and to be erased. */
export function peopleOf(db: Database): People {
  return {
    exporters: {
      audit: async (userId) => {
        const by = await audit.readEntries(db, { actor: userId }, EXPORTED_MAX)
        const about = await audit.readEntries(db, { subject: userId }, EXPORTED_MAX)
        const both = new Map([...by, ...about].map(({ sealed, ...entry }) => [entry.id, entry]))
        return [...both.values()].sort((one, other) => other.at.getTime() - one.at.getTime()).slice(0, EXPORTED_MAX)
      },
      signals: (userId) => signals.signalsAbout(db, userId, EXPORTED_MAX),
    },
    erasers,
  }
}

export const erasers: People['erasers'] = {
  // It goes through its portions itself, and is done when it answers.
  audit: async (inside, userId) => {
    await audit.erasePersonal(inside, userId)
    return 0
  },
}
