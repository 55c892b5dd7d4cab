import type { Flags } from './access/flags/index.ts'
import { BY_ITSELF } from './ground/audit/index.ts'
import type { Logger } from './platform/log.ts'

const KEY = 'new-view'

/** Half of the organisations, all colleagues alike; as the console's own form writes it, so that it can be edited there. */
const DEFINITION = {
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'off',
  targeting: {
    if: [
      { '!!': [{ var: 'organization' }] },
      {
        fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'organization' }] }, ['on', 50], ['off', 50]],
      },
      'off',
    ],
  },
}

/** Makes the demo's flag, once: what somebody did with it later, its deletion too, is theirs. */
export async function makeDemoFlag({ reads, verbs, write }: Flags, log: Logger): Promise<void> {
  const [last] = await reads.history({ kind: 'flag', key: KEY, limit: 1 })
  if (last) return
  const flag = { kind: 'flag', key: KEY, definition: DEFINITION, name: 'The new view of Fieldnotes' } as const
  await write((tx) => verbs.make(tx, BY_ITSELF, { ...flag, reason: 'The demo shows it.' })).catch((error: Error) =>
    // Flags are held: somebody has to look at them first, and the demo has its own default meanwhile.
    log.warn({ reason: error.message }, 'the flag of the demo could not be made'),
  )
}
