import { type FlagOverride, type Flags, type FlagsStatus, typeOf } from './flags-client.ts'
import { FlagAnswers } from './flags/client/flag-answers.ts'
import type { FlagValue } from './flags/definition.ts'

const STATUS: FlagsStatus = {
  ...{ seq: null, source: 'override', ageMs: null, count: 0, isStale: false, because: null, fault: null },
  ...{ flagFaults: [], trust: { fingerprint: null, pinned: false } },
}

/**
 * A double of `holdfast.flags` for the tests of your app: answers these values, and the fallback for every other key. No
 * network, no disk, no clock.
 *
 * @example
 * ```ts
 * import { flagsFor } from '@holdfast/sdk'
 *
 * const flags = flagsFor({ 'new-view': true, 'page-size': 50 })
 * console.log(flags.number('page-size', 20)) // 50
 * {
 *   using changed = flags.override('new-view', false)
 *   console.log(flags.boolean('new-view', true)) // false
 * }
 * console.log(flags.details('new-view', false).source) // override
 * ```
 */
export function flagsFor(values: Readonly<Record<string, FlagValue>>): Flags {
  const answers = new FlagAnswers({ context: undefined, now: () => 0, onFallback() {} })
  for (const [key, value] of Object.entries(values)) answers.override(key, value)
  return {
    boolean: (key, fallback, context) => answers.details(key, 'boolean', fallback, context).value,
    string: (key, fallback, context) => answers.details(key, 'string', fallback, context).value,
    number: (key, fallback, context) => answers.details(key, 'number', fallback, context).value,
    object: (key, fallback, context) => answers.details(key, 'object', fallback, context).value,
    details: (key, fallback, context) => answers.details(key, typeOf(fallback), fallback as never, context),
    override(key, value): FlagOverride {
      const restore = answers.override(key, value)
      return { restore, [Symbol.dispose]: restore }
    },
    status: () => STATUS,
    on: () => () => {},
    ready: async () => true,
  }
}
