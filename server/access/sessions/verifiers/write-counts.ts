import type { House } from '../house.ts'
import { keepMinutes } from './queries.ts'

/** Rows in one statement: applications × processes of one minute are a few hundred. */
const BATCH = 500

/** Takes the minutes that are over to PostgreSQL; in an outage they wait in memory. */
export async function writeCounts(house: House): Promise<void> {
  const minutes = house.verdicts.complete()
  for (let index = 0; index < minutes.length; index += BATCH) {
    await keepMinutes(house.background, minutes.slice(index, index + BATCH), house.clock.now())
  }
  house.verdicts.written(minutes)
}
