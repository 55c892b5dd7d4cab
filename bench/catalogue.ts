import type { Bench } from './bench.ts'
import { flags } from './benches/flags.ts'
import { sessions } from './benches/sessions.ts'

/** Every bench there is. A new one is a file in `benches/`, its contestants, and a line here. */
export const benches: readonly Bench[] = [sessions, flags]
