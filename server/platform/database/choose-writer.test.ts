import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseWriter, type Host, type Remembered, type Writer } from './choose-writer.ts'

const writer = (url: string, timeline: number, system = 'one'): Writer => ({ url, is: 'writer', system, timeline })
const standby = (url: string): Host => ({ url, is: 'standby' })
const silent = (url: string): Host => ({ url, is: 'silent', error: new Error('refused') })
const nothing: Remembered = { last: undefined, timelines: new Map() }
const remembering = (last: Writer): Remembered => ({ last, timelines: new Map([[last.system, last.timeline]]) })

const cases: [says: string, hosts: Host[], before: Remembered, chosen: string | undefined, rivals: string[]][] = [
  ['the only one that takes writes', [standby('a'), writer('b', 1)], nothing, 'b', []],
  ['none where none takes writes', [standby('a'), silent('b')], nothing, undefined, []],
  ['the higher timeline of two', [writer('a', 1), writer('b', 2)], nothing, 'b', ['a']],
  [
    'the higher timeline, though another was taken before',
    [writer('a', 1), writer('b', 2)],
    remembering(writer('a', 1)),
    'b',
    ['a'],
  ],
  [
    'the one that was taken before, among equals',
    [writer('a', 2), writer('b', 2)],
    remembering(writer('b', 2)),
    'b',
    ['a'],
  ],
  [
    'none on a timeline below one that was seen',
    [writer('a', 1), silent('b')],
    remembering(writer('b', 2)),
    undefined,
    ['a'],
  ],
  [
    'the server of before, where another has a higher timeline of its own',
    [writer('a', 9, 'other'), writer('b', 2)],
    remembering(writer('b', 2)),
    'b',
    ['a'],
  ],
  [
    'another server where it is alone: whose it is its stamp will say',
    [writer('a', 1, 'other'), silent('b')],
    remembering(writer('b', 2)),
    'a',
    [],
  ],
]
for (const [says, hosts, before, chosen, rivals] of cases) {
  test(`of several hosts is taken ${says}, in whatever order they are named`, () => {
    for (const named of [hosts, hosts.toReversed()]) {
      const choice = chooseWriter(named, before)
      assert.equal(choice.writer?.url, chosen)
      assert.deepEqual(choice.rivals.map(({ url }) => url).toSorted(), rivals)
    }
  })
}
