import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { flagOf, manyFlags, wipe } from '../testing.ts'
import { openManagedFlags, type Told } from './testing.ts'

const schema = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../../../sdk/flags/testing/${name}.schema.json`), 'utf8'))
const off = flagOf('off')
const ok = ({ status, body }: Told, expected = 200) => {
  assert.equal(status, expected, JSON.stringify(body))
  return body
}

test('the whole life of a flag: made, rolled out, changed, killed, undone, archived, brought back, deleted', async () => {
  await using managed = await openManagedFlags()
  const { ask, rig } = managed
  const made = ok(
    await ask('POST /v1/flags', { key: 'new-view', name: 'New view', definition: off, reason: 'Ticket 1' }),
    201,
  )
  assert.deepEqual(
    [made.flag.sentence, made.flag.type, made.flag.variants, made.flag.version, made.flag.changed_by],
    ['off for everybody', 'boolean', ['on', 'off'], made.number, { id: 'tok_1', label: 'Ops' }],
  )
  const segment = { key: 'pro', definition: { '===': [{ var: 'plan' }, 'pro'] } }
  assert.equal(ok(await ask('POST /v1/flags/segments', segment), 201).segment.sentence, 'plan is pro')
  const of = { conditions: [{ segment: 'pro', is: 'in' }] }
  const ramp = (made_on: string, percent: number) =>
    ask('POST /v1/flags/new-view/rollout', { made_on, variant: 'on', percent, of })
  const ten = ok(await ramp(made.number, 10))
  assert.equal(ten.flag.sentence, 'for in segment pro: 10 % on, 90 % off, sticky by targetingKey; otherwise off')
  assert.deepEqual(ten.flag.segments, ['pro'])
  const more = ok(await ramp(ten.number, 25))
  const history = ok(await ask('GET /v1/flags/new-view/history')).data
  assert.deepEqual(history[0].diff, [
    'rule 1: 10 % on, 90 % off, sticky by targetingKey → 25 % on, 75 % off, sticky by targetingKey',
  ])
  assert.deepEqual(
    [history[2].diff, history[2].reason, history[2].by.label],
    [['made: off for everybody'], 'Ticket 1', 'Ops'],
  )

  const tried = ok(await ask('POST /v1/flags/try', { key: 'new-view', context: { targetingKey: 'u1', plan: 'free' } }))
  assert.deepEqual([tried.value, tried.variant, tried.reason, tried.source], [false, 'off', 'DEFAULT', 'live'])
  assert.deepEqual(
    tried.steps.map(({ text, did }: { text: string; did: string }) => [text, did]),
    [
      ['no condition is met, so null', 'chose'],
      ['plan "free" does not equal "pro"', 'not-matched'],
      ['plan is "free"', 'read'],
    ],
  )

  const killed = ok(await ask('POST /v1/flags/new-view/kill', { variant: 'off', reason: 'Lists stay empty' }))
  assert.equal(killed.flag.sentence, 'off for everybody')
  const undone = ok(await ask(`POST /v1/flags/changes/${killed.change_id}/undo`, {}))
  assert.deepEqual(undone.keys, ['new-view'])
  assert.equal(ok(await ask('GET /v1/flags/new-view')).sentence, more.flag.sentence)

  const edited = ok(
    await ask('PATCH /v1/flags/new-view', { made_on: undone.number, name: 'Newer view', tags: ['list'] }),
  )
  assert.deepEqual(
    [edited.flag.name, edited.flag.tags, edited.flag.sentence],
    ['Newer view', ['list'], more.flag.sentence],
  )
  assert.equal(ok(await ask('GET /v1/flags?tag=list&q=NEWER')).data.length, 1)
  assert.equal(ok(await ask('GET /v1/flags?tag=other')).data.length, 0)

  ok(await ask('POST /v1/flags/new-view/archive', { reason: 'Done' }))
  assert.equal(rig.flags.current()!.set.flags.has('new-view'), false)
  assert.ok(ok(await ask('GET /v1/flags?state=archived')).data[0].archived_at)
  assert.equal(ok(await ask('GET /v1/flags')).data.length, 0)
  assert.equal(ok(await ask('POST /v1/flags/new-view/bring-back', {})).flag.name, 'Newer view')
  ok(await ask('DELETE /v1/flags/new-view'))
  assert.equal((await ask('GET /v1/flags/new-view')).body.code, 'flags.not_found')
  assert.equal(ok(await ask('POST /v1/flags/new-view/bring-back', {})).flag.sentence, more.flag.sentence)
  assert.deepEqual(managed.web.complaints, [])
})

test('of two changes at once one is refused with changed_meanwhile, and nothing is lost', async () => {
  await using managed = await openManagedFlags()
  const { ask } = managed
  const { number } = ok(await ask('POST /v1/flags', { key: 'new-view', definition: off }), 201)
  const names = ['one', 'two', 'three', 'four']
  const answers = await Promise.all(
    names.map((name) => ask('PATCH /v1/flags/new-view', { made_on: number, name, definition: flagOf('on') })),
  )
  const done = answers.filter(({ status }) => status === 200)
  assert.equal(done.length, 1)
  for (const { body } of answers.filter(({ status }) => status !== 200)) {
    assert.equal(body.code, 'flags.changed_meanwhile')
    assert.equal(`e${body.epoch}.s${body.seq}`, done[0]!.body.number)
  }
  assert.equal(ok(await ask('GET /v1/flags/new-view')).name, done[0]!.body.flag.name)
  assert.equal(ok(await ask('GET /v1/flags/new-view/history')).data.length, 2)
})

test('a change sent twice with one Idempotency-Key is done once', async () => {
  await using managed = await openManagedFlags()
  const { ask } = managed
  const headers = { 'idempotency-key': 'made-once' }
  const first = ok(await ask('POST /v1/flags', { key: 'new-view', definition: off }, { headers }), 201)
  const again = await ask('POST /v1/flags', { key: 'new-view', definition: off }, { headers })
  assert.deepEqual([again.status, again.body, again.headers.get('idempotent-replayed')], [201, first, 'true'])
  assert.equal(ok(await ask('GET /v1/flags/changes?key=new-view')).data.length, 1)
})

test('an export is a definition by flagd’s schema, and importing it changes nothing', async () => {
  await using managed = await openManagedFlags()
  const { ask } = managed
  const definition = {
    flags: {
      'new-view': flagOf('off', {
        targeting: {
          if: [
            { $ref: 'pro' },
            {
              fractional: [
                ['on', 25],
                ['off', 75],
              ],
            },
          ],
        },
        metadata: { owner: 'team-a', 'holdfast.client': true },
      }),
      limit: { state: 'ENABLED', variants: { low: 10, high: 100 }, defaultVariant: 'low' },
      theme: { state: 'DISABLED', variants: { a: { color: 'red' }, b: { color: 'blue' } }, defaultVariant: null },
    },
    $evaluators: { pro: { in: [{ var: 'plan' }, ['pro', 'team']] } },
    metadata: { flagSetId: 'shop' },
  }
  ok(await ask('POST /v1/flags/import', { definition }))
  const exported = ok(await ask('GET /v1/flags/export'))
  // `$ref` of a rule is flagd's own word, and to ajv it would be one of the schema.
  const ajv = new Ajv({ strict: false, allErrors: true })
  const validate = ajv.addSchema(schema('flagd-targeting')).compile(schema('flagd-flags'))
  assert.equal(validate(exported), true, JSON.stringify(validate.errors?.slice(0, 3)))
  assert.equal(exported.flags['new-view'].metadata['holdfast.hash'], 'flagd-v2')
  const again = ok(await ask('POST /v1/flags/import', { definition: exported, mode: 'replace' }))
  assert.deepEqual([again.change_id, again.keys], [null, []])
  const row = ok(await ask('GET /v1/flags/new-view'))
  assert.deepEqual([row.is_client, row.segments, row.on_unknown], [true, ['pro'], 'last-known'])
  assert.equal(ok(await ask('GET /v1/flags/metadata')).metadata.flagSetId, 'shop')
  const many = { definition: manyFlags(2_000) }
  assert.ok(JSON.stringify(many).length > 128 * 1024, 'larger than other calls may be')
  assert.equal(ok(await ask('POST /v1/flags/import', many)).keys.length, 2_000)
})

test('who takes away many says how many, on every path; a rehearsal tells the number and changes nothing', async () => {
  await using managed = await openManagedFlags()
  const { ask, rig } = managed
  const all = manyFlags(40)
  ok(await ask('POST /v1/flags/import', { definition: all }))
  const keys = Object.keys(all.flags)
  const before = rig.flags.current()!.digest
  const six = keys.slice(0, 6)
  for (const path of ['archive', 'delete']) {
    const refused = await ask(`POST /v1/flags/${path}`, { keys: six })
    assert.deepEqual([refused.status, refused.body.code, refused.body.count], [409, 'flags.mass_deletion', 6])
    assert.equal((await ask(`POST /v1/flags/${path}`, { keys: six, confirm: 7 })).body.code, 'flags.mass_deletion')
  }
  const few = { flags: Object.fromEntries(Object.entries(all.flags).slice(0, 3)) }
  const replace = { definition: few, mode: 'replace' }
  assert.equal((await ask('POST /v1/flags/import', replace)).body.code, 'flags.mass_deletion')
  const told = ok(await ask('POST /v1/flags/import', { ...replace, dry_run: true }))
  assert.deepEqual([told.dry_run, told.removed, told.confirm, told.differences.length], [true, 37, 37, 37])
  assert.deepEqual(told.differences[0].diff, ['taken away; it was: on for everybody'])
  assert.equal(rig.flags.current()!.digest, before)
  assert.equal(ok(await ask('GET /v1/flags/changes?limit=200')).data.length, 40)
  const [first] = ok(await ask('GET /v1/flags/changes?limit=1')).data
  const undo = await ask(`POST /v1/flags/changes/${first.change_id}/undo`, {})
  assert.deepEqual([undo.body.code, undo.body.count], ['flags.mass_deletion', 40])
  ok(await ask('POST /v1/flags/archive', { keys: keys.slice(0, 5) }))
  ok(await ask('POST /v1/flags/delete', { keys: keys.slice(5), confirm: 35 }))
  assert.equal(rig.flags.current()!.body.count, 0)
})

test('500 flags are back as they were at an instant, in a new epoch, and what was served is handed out', async () => {
  await using managed = await openManagedFlags()
  const { ask, rig } = managed
  const all = manyFlags(500)
  const step = () => rig.clock.advance(60_000)
  ok(await ask('POST /v1/flags/import', { definition: all }))
  step()
  const at = rig.clock.now().toISOString()
  step()
  const whole = ok(await ask('GET /v1/flags/export')).flags
  ok(await ask('POST /v1/flags/delete', { keys: Object.keys(all.flags).slice(1), confirm: 499 }))
  const last = Object.keys(all.flags)[0]!
  ok(await ask(`POST /v1/flags/${last}/kill`, {}))
  const diff = ok(await ask(`GET /v1/flags/diff?at=${at}`))
  assert.deepEqual(
    [diff.removed.length, diff.added, diff.changed[0]],
    [499, [], { kind: 'flag', key: last, diff: ['switched off'] }],
  )
  step()
  const rehearsed = ok(await ask('POST /v1/flags/restore', { at, dry_run: true }))
  assert.deepEqual([rehearsed.added, rehearsed.changed, rehearsed.removed, rehearsed.confirm], [499, 1, 0, null])
  const restored = ok(await ask('POST /v1/flags/restore', { at, reason: 'Too much went' }))
  assert.deepEqual([restored.added, restored.changed, restored.removed], [499, 1, 0])
  assert.match(restored.number, /^e2\./)
  assert.deepEqual(Object.keys(restored.before.definition.flags), [last])
  assert.deepEqual(ok(await ask('GET /v1/flags/export')).flags, whole)
  const [newest] = ok(await ask('GET /v1/flags/changes?limit=1')).data
  assert.deepEqual([newest.deed, newest.can_undo], ['restore', false])
  assert.equal((await ask(`POST /v1/flags/changes/${newest.change_id}/undo`, {})).body.code, 'flags.not_to_be_undone')
})

test('of tables that were emptied nobody says that there is no flag; a restore writes them back, and says so before', async () => {
  await using managed = await openManagedFlags()
  const { ask, rig } = managed
  const all = manyFlags(30)
  ok(await ask('POST /v1/flags/import', { definition: all }))
  await wipe(managed.database.ownerUrl)
  await rig.flags.follow()
  const list = ok(await ask('GET /v1/flags'))
  assert.deepEqual([list.total, list.standing.state, list.standing.fault], [30, 'holding', 'wiped'])
  const [key] = Object.keys(all.flags)
  for (const refused of [ask(`GET /v1/flags/${key}`), ask(`POST /v1/flags/${key}/kill`, {})]) {
    const { status, body } = await refused
    assert.deepEqual([status, body.code], [503, 'flags.held'])
    assert.match(body.detail, /holdfast flags restore/)
  }
  assert.equal(ok(await ask('POST /v1/flags/try', { key, context: {} })).value, true)
  const told = ok(await ask('POST /v1/flags/restore', { dry_run: true }))
  assert.deepEqual([told.added, told.changed, told.removed, told.confirm], [0, 0, 0, null])
  assert.equal(rig.flags.standing().state, 'holding')
  const loss = ok(await ask('POST /v1/flags/adopt', { dry_run: true }))
  assert.deepEqual([loss.removed, loss.confirm], [30, 30])
  assert.equal((await ask('POST /v1/flags/adopt', {})).body.code, 'flags.mass_deletion')
  assert.match(ok(await ask('POST /v1/flags/restore', {})).number, /^e2\./)
  const after = ok(await ask('GET /v1/flags?limit=200'))
  assert.deepEqual([after.data.length, after.standing.state], [30, 'following'])
})

test('a flag is tried as it was, as a draft, and for a time to come', async () => {
  await using managed = await openManagedFlags()
  const { ask, rig } = managed
  ok(await ask('POST /v1/flags', { key: 'new-view', definition: off }), 201)
  rig.clock.advance(60_000)
  const then = rig.clock.now().toISOString()
  rig.clock.advance(60_000)
  const later = Math.floor(Date.parse('2027-01-01T00:00:00Z') / 1000)
  const targeting = { if: [{ '>=': [{ var: '$flagd.timestamp' }, later] }, 'on'] }
  const { version } = ok(await ask('GET /v1/flags/new-view'))
  ok(
    await ask('PATCH /v1/flags/new-view', {
      made_on: version,
      definition: { ...off, defaultVariant: 'on', targeting: {} },
    }),
  )
  const about = (more: object) => ask('POST /v1/flags/try', { key: 'new-view', context: {}, ...more }).then(ok)
  const variant = async (more: object) => {
    const { variant: found, source } = await about(more)
    return [found, source]
  }
  assert.deepEqual(await variant({}), ['on', 'live'])
  assert.deepEqual(await variant({ at: then }), ['off', 'log'])
  assert.deepEqual(await variant({ definition: { ...off, targeting } }), ['off', 'draft'])
  assert.deepEqual(await variant({ definition: { ...off, targeting }, at: '2027-01-01T00:00:00Z' }), ['on', 'draft'])
  const broken = await about({ definition: { ...off, targeting: { nope: 1 } } })
  assert.deepEqual([broken.value, broken.error_code], [null, 'PARSE_ERROR'])
})

test('each way of saying no has its code', async () => {
  await using managed = await openManagedFlags()
  const { ask } = managed
  const only = { state: 'ENABLED', variants: { on: true }, defaultVariant: 'on' }
  const rich = flagOf('off', { targeting: { if: [{ '<': [1, { var: 'age' }, 9] }, 'on'] } })
  const seeds = { flags: { a: off, only, rich, dead: { ...off, state: 'DISABLED' } } }
  const used = { u: { '===': [{ var: 'plan' }, 'pro'] } }
  const asks = flagOf('off', { targeting: { if: [{ $ref: 'u' }, 'on'] } })
  const filler = manyFlags(20).flags
  const definition = { flags: { ...seeds.flags, asks, ...filler }, $evaluators: used }
  const { number } = ok(await ask('POST /v1/flags/import', { definition }))
  const ramp = (key: string, more: object = {}) =>
    ask(`POST /v1/flags/${key}/rollout`, { made_on: number, variant: 'on', percent: 5, ...more })
  const cases: [Promise<Told>, number, string][] = [
    [ask('POST /v1/flags', { key: 'a', definition: off }), 409, 'flags.exists'],
    [ask('POST /v1/flags', { key: 'snapshot', definition: off }), 400, 'flags.reserved_key'],
    [ask('POST /v1/flags/segments', { key: '..', definition: true }), 400, 'flags.reserved_key'],
    [
      ask('POST /v1/flags/import', { definition: { flags: {}, $evaluators: { '.': true } } }),
      400,
      'flags.reserved_key',
    ],
    [ask('POST /v1/flags/import', { definition: { flags: { trust: off } } }), 400, 'flags.reserved_key'],
    [ask('POST /v1/flags/import', { definition: { flags: [{ ...off, key: 'try' }] } }), 400, 'flags.reserved_key'],
    [ask('POST /v1/flags', { key: 'b', definition: { state: 'ON' } }), 400, 'flags.bad_definition'],
    [ask('POST /v1/flags', { key: 'b' }), 400, 'request.invalid'],
    [ask('GET /v1/flags/gone'), 404, 'flags.not_found'],
    [ask('PATCH /v1/flags/gone', { made_on: number, name: 'x' }), 404, 'flags.not_found'],
    [ask('PATCH /v1/flags/a', { made_on: 'now', name: 'x' }), 400, 'request.invalid'],
    [ask('PATCH /v1/flags/a', { made_on: 'e1.s1', name: 'x' }), 409, 'flags.changed_meanwhile'],
    [ask('POST /v1/flags/a/kill', { variant: 'maybe' }), 400, 'flags.no_such_variant'],
    [ramp('a', { variant: 'maybe' }), 400, 'flags.no_such_variant'],
    [ramp('gone'), 404, 'flags.not_found'],
    [ramp('dead'), 409, 'flags.switched_off'],
    [ramp('rich'), 409, 'flags.not_plain'],
    [ramp('only'), 400, 'flags.no_other_variant'],
    [ramp('a', { of: { conditions: [{ attribute: 'plan', is: 'is', values: [] }] } }), 400, 'flags.bad_condition'],
    [ramp('a', { of: { conditions: [{ segment: 'none', is: 'in' }] } }), 400, 'flags.bad_definition'],
    [ramp('a', { percent: 101 }), 400, 'request.invalid'],
    [ask('POST /v1/flags/a/bring-back', {}), 409, 'flags.not_archived'],
    [ask('POST /v1/flags/changes/chg_none/undo', {}), 404, 'flags.no_such_change'],
    [ask('DELETE /v1/flags/segments/u'), 409, 'flags.still_referred'],
    [ask('POST /v1/flags/try', { context: {} }), 400, 'flags.nothing_to_try'],
    [ask('POST /v1/flags/try', { key: 'gone', context: {} }), 404, 'flags.not_found'],
    [ask('GET /v1/flags/diff?at=yesterday'), 400, 'flags.bad_instant'],
    [ask('GET /v1/flags/diff?at=2001-01-01T00:00:00Z'), 404, 'flags.nothing_at'],
    [ask('POST /v1/flags/restore', { keys: ['gone'] }), 404, 'flags.not_found'],
    [ask('GET /v1/flags/changes?cursor=nonsense'), 400, 'flags.bad_cursor'],
    [ask('POST /v1/flags/import', { definition: { flags: 5 } }), 400, 'flags.bad_definition'],
  ]
  for (const [asked, status, code] of cases) {
    const { status: was, body } = await asked
    assert.deepEqual([was, body.code], [status, code], body.detail)
    assert.doesNotMatch(body.detail, /\{\w+\}|undefined/)
  }
})

test('each scope lets through what it says, and no more', async () => {
  await using managed = await openManagedFlags()
  const { ask } = managed
  ok(await ask('POST /v1/flags', { key: 'new-view', definition: off }), 201)
  const may = async (scope: Parameters<typeof ask>[2], line: string, body?: object) =>
    (await ask(line, body, scope)).status !== 403
  const lines: [string, object | undefined, string][] = [
    ['GET /v1/flags', undefined, 'flags:read'],
    ['GET /v1/flags/export', undefined, 'flags:read'],
    ['POST /v1/flags/try', { key: 'new-view', context: {} }, 'flags:read'],
    ['PATCH /v1/flags/new-view', { made_on: 'e1.s2', name: 'x' }, 'flags:write'],
    ['POST /v1/flags/import', { definition: { flags: {} } }, 'flags:write'],
    ['POST /v1/flags/segments', { key: 's', definition: true }, 'flags:write'],
    ['POST /v1/flags/new-view/kill', {}, 'flags:kill'],
    ['POST /v1/flags/restore', {}, 'flags:restore'],
    ['POST /v1/flags/adopt', { dry_run: true }, 'flags:restore'],
    ['POST /v1/flags/rotate-key', {}, 'flags:restore'],
  ]
  for (const [line, body, needed] of lines) {
    for (const scope of ['flags:read', 'flags:write', 'flags:kill', 'flags:restore'] as const) {
      assert.equal(await may({ may: scope }, line, body), scope === needed, `${line} with ${scope}`)
    }
  }
})

test('a key may have any characters that a line may have, and is found by them', async () => {
  await using managed = await openManagedFlags()
  const { ask } = managed
  for (const key of ['team/new view', 'a%2Fb', 'Übersicht?#&', '%', 'constructor', '__proto__', 'x'.repeat(200)]) {
    ok(await ask('POST /v1/flags', { key, definition: off }), 201)
    assert.equal(ok(await ask(`GET /v1/flags/${encodeURIComponent(key)}`)).key, key)
    ok(await ask(`POST /v1/flags/${encodeURIComponent(key)}/kill`, {}))
    assert.equal(ok(await ask('POST /v1/flags/try', { key, context: {} })).reason, 'DISABLED', key)
    assert.equal(ok(await ask(`GET /v1/flags/changes?key=${encodeURIComponent(key)}`)).data.length, 2)
  }
})

test('pages follow each other by their cursors, and none is told twice', async () => {
  await using managed = await openManagedFlags()
  const { ask } = managed
  ok(await ask('POST /v1/flags/import', { definition: manyFlags(25) }))
  const all = async (line: string, of: (row: Record<string, string>) => string) => {
    const seen: string[] = []
    for (let cursor = ''; ; ) {
      const page = ok(await ask(`${line}limit=10${cursor}`))
      seen.push(...page.data.map(of))
      if (page.next_cursor === null) return seen
      cursor = `&cursor=${page.next_cursor}`
    }
  }
  const keys = await all('GET /v1/flags?', ({ key }) => key!)
  assert.deepEqual(keys, Object.keys(manyFlags(25).flags))
  assert.equal(new Set(await all('GET /v1/flags/changes?', ({ key }) => key!)).size, 25)
  assert.equal(ok(await ask('GET /v1/flags?limit=1')).total, 25)
})
