import type { RatioBar } from '../bars.ts'
import type { Bench } from '../bench.ts'
import { closure } from '../contestants/flags/closure.ts'
import { compileFlagdCore } from '../contestants/flags/compile-flagd-core.ts'
import { compileHoldfast } from '../contestants/flags/compile-holdfast.ts'
import { evaluator } from '../contestants/flags/evaluator.ts'
import { fastify304 } from '../contestants/flags/fastify-304.ts'
import { fastifyBulk } from '../contestants/flags/fastify-bulk.ts'
import { flagdCore } from '../contestants/flags/flagd-core.ts'
import { growthbook } from '../contestants/flags/growthbook.ts'
import { launchdarkly } from '../contestants/flags/launchdarkly.ts'
import { mapLookUp } from '../contestants/flags/map-look-up.ts'
import { unleashClient } from '../contestants/flags/unleash-client.ts'
import { unleashServer } from '../contestants/flags/unleash-server.ts'

/** What issue 5 §6 asks for, on two cores. */
const RATIOS: readonly RatioBar[] = [
  {
    name: '5,000 flags parsed and compiled, of flagd-core',
    of: 'holdfast-compile',
    to: 'flagd-core-compile',
    atLeast: 8,
  },
]

export const flags: Bench = {
  name: 'flags',
  about: 'how fast flags are answered, compiled, delivered',
  minutes: 6,
  fixedMs: 90_000,
  contestants: [
    flagdCore,
    evaluator,
    unleashClient,
    growthbook,
    launchdarkly,
    mapLookUp,
    closure,
    compileHoldfast,
    compileFlagdCore,
    fastifyBulk,
    unleashServer,
    fastify304,
  ],
  ratios: RATIOS,
  measureRest: async () => ({ rows: [], bars: [], why: [] }),
}
