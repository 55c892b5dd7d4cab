import { join } from 'node:path'
import type { Database } from '../../platform/database/index.ts'
import { readFileIfThere, replaceFile } from '../../platform/durable-file.ts'
import { administratorIds } from './queries.ts'

/** Who may use the console. In memory, and on disk as last known good: in an outage the console still opens to its own. */
export interface Administrators {
  has(userId: string): boolean
  reload(): Promise<void>
}

export async function openAdministrators(options: { db: Database; folder: string }): Promise<Administrators> {
  const file = join(options.folder, 'administrators.json')
  let kept = (await readFileIfThere(file)) ?? ''
  let ids = new Set(parsed(kept))
  return {
    has: (userId) => ids.has(userId),
    async reload() {
      const found = await administratorIds(options.db)
      const text = JSON.stringify(found)
      if (text === kept) return
      ids = new Set(found)
      await replaceFile(file, text)
      kept = text
    },
  }
}

/** A damaged file stops no start, and lets nobody in: PostgreSQL says who, as soon as it is there. */
function parsed(text: string): string[] {
  try {
    const ids = JSON.parse(text || '[]') as unknown
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
  } catch {
    return []
  }
}
