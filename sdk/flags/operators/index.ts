import type { Operator } from '../rule.ts'
import { comparing } from './comparing.ts'
import { counting } from './counting.ts'
import { deciding } from './deciding.ts'
import { fractional } from './fractional.ts'
import { lists } from './lists.ts'
import { reading } from './reading.ts'
import { texts } from './texts.ts'

/** Every operator there is; a map, because an object has names that nobody gave it. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({ ...reading, ...deciding, ...comparing, ...counting, ...texts, ...lists, fractional }),
)
