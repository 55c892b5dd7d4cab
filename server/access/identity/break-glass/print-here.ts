import { BY_COMMAND_LINE } from '../../../ground/audit/index.ts'
import { listStaff } from '../../../ground/environment/index.ts'
import type { Database } from '../../../platform/database/index.ts'
import { readEmail } from '../email.ts'
import { type PrintParts, printCodes } from './print-codes.ts'
import { peopleById } from './queries.ts'

export type PrintedHere =
  | { outcome: 'printed'; email: string; codes: string[]; printed_at: string }
  /** Nobody was named and there is not exactly one, or the one who was named is none. */
  | { outcome: 'which'; administrators: string[] }

/** On the machine itself: for the administrator who is named, or for the only one there is. */
export async function printBreakGlassCodes(
  parts: PrintParts & { db: Database },
  { email }: { email: string | undefined },
): Promise<PrintedHere> {
  return parts.db.transaction(async (db) => {
    const staff = (await listStaff(db)).filter(({ role }) => role === 'administrator')
    const people = await peopleById(
      db,
      staff.map((row) => row.user_id),
    )
    const read = email === undefined ? undefined : readEmail(email)
    const key = read?.outcome === 'ok' ? read.email.key : undefined
    const meant = email === undefined ? people : people.filter((person) => person.email.toLowerCase() === key)
    const [person, ...others] = meant
    if (!person || others.length > 0) return { outcome: 'which', administrators: people.map((each) => each.email) }
    const codes = await printCodes(parts, db, { userId: person.id, by: BY_COMMAND_LINE })
    return { outcome: 'printed', email: person.email, codes, printed_at: parts.clock.now().toISOString() }
  })
}
