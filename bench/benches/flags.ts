import { type Bar, barOf } from '../../drills/frame/card.ts'
import type { RatioBar } from '../bars.ts'
import type { Bench, Rest } from '../bench.ts'
import type { Scene } from '../contestant.ts'
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
import { native, sdkSetup } from '../contestants/flags/native.ts'
import { ofrep304Anew } from '../contestants/flags/ofrep-304-anew.ts'
import { ofrep304 } from '../contestants/flags/ofrep-304.ts'
import { ofrepBulkAgain } from '../contestants/flags/ofrep-bulk-again.ts'
import { ofrepBulk } from '../contestants/flags/ofrep-bulk.ts'
import { openfeatureFlagdCore } from '../contestants/flags/openfeature-flagd-core.ts'
import { openfeatureHoldfast } from '../contestants/flags/openfeature-holdfast.ts'
import { unleashClient } from '../contestants/flags/unleash-client.ts'
import { unleashServer } from '../contestants/flags/unleash-server.ts'
import { measureMemory } from '../flags/measure-memory.ts'
import { CLIENTS, measurePropagation, type Propagation } from '../flags/measure-propagation.ts'
import { MANY_FLAGS } from '../flags/same-rule.ts'
import type { Row } from '../report.ts'
import { figureRow } from '../run/rows.ts'

/** What issue 5 §6 asks for, on two cores. A bulk is held to its bar by people of whom nothing is remembered. */
const RATIOS: readonly RatioBar[] = [
  { name: 'native with details, of flagd-core', of: 'holdfast-native', to: 'flagd-core', atLeast: 4 },
  {
    name: '5,000 flags parsed and compiled, of flagd-core',
    of: 'holdfast-compile',
    to: 'flagd-core-compile',
    atLeast: 8,
  },
  { name: 'OFREP, 50 flags, of bare Fastify', of: 'holdfast-bulk', to: 'bare-fastify-bulk', atLeast: 0.6 },
  { name: 'OFREP, 50 flags, of unleash-server', of: 'holdfast-bulk', to: 'unleash-server', atLeast: 4 },
  { name: 'OFREP, 304, of bare Fastify', of: 'holdfast-304', to: 'bare-fastify-304', atLeast: 0.7 },
]
/** issue 5 §2: among 500 flags, to 200 clients in 4 processes on loopback. */
const VISIBLE_MS_MAX = 250

export const flags: Bench = {
  name: 'flags',
  about: 'how fast flags are answered, compiled and delivered, and what they take',
  minutes: 7,
  // Two installations, 200 clients and 20 changes, 5,000 flags in a process of their own, some times.
  fixedMs: 150_000,
  contestants: [
    flagdCore,
    native,
    evaluator,
    unleashClient,
    growthbook,
    launchdarkly,
    mapLookUp,
    closure,
    openfeatureFlagdCore,
    openfeatureHoldfast,
    compileHoldfast,
    compileFlagdCore,
    fastifyBulk,
    ofrepBulk,
    ofrepBulkAgain,
    unleashServer,
    fastify304,
    ofrep304,
    ofrep304Anew,
  ],
  ratios: RATIOS,
  async measureRest(_entrants, { scene }, { isWhole, rounds }) {
    if (!isWhole) return { rows: [], bars: [], why: [] }
    scene.progress.step(`one change, to ${CLIENTS} clients in four processes`)
    const propagation = await measurePropagation(scene)
    scene.progress.step('what 5,000 flags take')
    const memory = await memoryRows(scene, rounds)
    return { ...told(propagation), rows: [...told(propagation).rows, ...memory] }
  },
}

function told({ p50Ms, p99Ms, missed }: Propagation): Rest {
  const name = `one change among 500 flags visible to ${CLIENTS} clients`
  const bar: Bar = barOf({
    name: `${name}, median, ms`,
    kind: 'promise',
    measured: p50Ms,
    required: { atMost: VISIBLE_MS_MAX },
    otherwise: '',
  })
  return {
    rows: [
      figureRow({ measure: `${name}, p50`, unit: 'ms', figure: p50Ms }),
      figureRow({ measure: `${name}, p99`, unit: 'ms', figure: p99Ms }),
    ],
    bars: [bar],
    why: missed === 0 ? [] : [`${missed} times a client had not seen a change after ten seconds`],
  }
}

const moduleOf = (file: string) => new URL(`../contestants/flags/${file}.ts`, import.meta.url).href

/** Heap after a collection, in a process that has nothing else; the SDK has fetched its flags and keeps what it must not lose. */
async function memoryRows(scene: Scene, rounds: number): Promise<Row[]> {
  await (await scene.flags()).fill(MANY_FLAGS)
  // A folder of its own each time: nothing lies on disk from before.
  const sdk = await sdkSetup(scene, 'memory')
  const asked = [
    { name: 'holdfast-compile', file: 'compile-holdfast' },
    { name: 'flagd-core-compile', file: 'compile-flagd-core' },
    { name: 'holdfast-native', file: 'native', own: (round: number) => ({ ...sdk, folder: `${sdk.folder}-${round}` }) },
    { name: 'unleash-client', file: 'unleash-client' },
    { name: 'growthbook', file: 'growthbook' },
    { name: 'launchdarkly', file: 'launchdarkly' },
  ]
  const rows: Row[] = []
  for (const { name, file, own } of asked) {
    const { heapMb, firstMs } = await measureMemory(scene, { name, module: moduleOf(file), own, rounds })
    rows.push(figureRow({ contestant: name, measure: '5,000 flags in memory', unit: 'MB', figure: heapMb }))
    rows.push(
      figureRow({
        contestant: name,
        measure: '5,000 flags for the first time in a process',
        unit: 'ms',
        figure: firstMs,
      }),
    )
  }
  return rows
}
