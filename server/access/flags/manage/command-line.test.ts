import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { makeTestFolder, removeTestFolder } from '../../../platform/testing/index.ts'
import { flagOf, manyFlags, wipe } from '../testing.ts'
import { openManagedFlags, tokenFor } from './testing.ts'

const MAIN = join(import.meta.dirname, '../../../../cli/main.ts')

/** The command line as a process of its own, against access over HTTP, in a folder that is thrown away. */
async function openTerminal() {
  const managed = await openManagedFlags()
  const folder = await makeTestFolder()
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('HOLDFAST_')))
  const settings = { HOLDFAST_URL: managed.web.server.url, HOLDFAST_TOKEN: tokenFor('everything') }
  async function run(words: readonly string[], { input = '', more = {} }: { input?: string; more?: object } = {}) {
    const child = spawn(process.execPath, [MAIN, 'flags', ...words], {
      cwd: folder,
      env: { ...own, ...settings, ...more },
    })
    child.stdin.end(input)
    const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    return { status, stdout, stderr }
  }
  return {
    managed,
    folder,
    run,
    async done(line: string, more?: Parameters<typeof run>[1]) {
      const { status, stdout, stderr } = await run(line.split(' '), more)
      assert.equal(status, 0, `${line}: ${stderr}`)
      return stdout
    },
    async [Symbol.asyncDispose]() {
      await managed[Symbol.asyncDispose]()
      removeTestFolder(folder)
    },
  }
}

test('a flag lives its life at a terminal', async () => {
  await using terminal = await openTerminal()
  const { done, run } = terminal
  const made = await done('set new-view --tags list,shop --reason Ticket-1')
  assert.match(
    made,
    /^new-view\n {2}off for everybody\ne1\.s2, changed .* by Ops\nDone: e1\.s2\. "holdfast flags undo chg_/,
  )
  assert.match(await done('set new-view --default on'), / {2}on for everybody/)
  assert.match(await done('set new-view --default off'), / {2}off for everybody/)
  const rolled = await done('rollout new-view --variant on --percent 12.5 --by organization')
  assert.match(rolled, /12\.5 % on, 87\.5 % off, sticky by organization/)
  const where = '[{"attribute":"plan","is":"one-of","values":["pro","team"]}]'
  const some = await run(['rollout', 'new-view', '--variant', 'on', '--percent', '50', '--where', where])
  assert.match(some.stdout, /for plan is one of pro, team: 50 % on, 50 % off/)
  assert.match(await done('list --tag shop'), /^key +version +rule +changed +by +archived\nnew-view +e1\.s6 +for plan/)
  assert.match(await done('get new-view'), /otherwise 12\.5 % on, .*[\s\S]*"fractional"/)
  assert.equal(JSON.parse(await done('get new-view --json')).version, 'e1.s6')

  const tried = await run(['try', 'new-view', '--context', '{"targetingKey":"u1","plan":"free","organization":"o1"}'])
  assert.match(
    tried.stdout,
    /^(on|off) = (true|false) {2}\(TARGETING_MATCH\)\nThe rule gives (on|off)\.\n[\s\S]*plan "free" is not in/,
  )
  writeFileSync(join(terminal.folder, 'draft.json'), JSON.stringify(flagOf('on')))
  assert.match(await done('try new-view --definition draft.json'), /^on = true[\s\S]*From draft/)

  const killed = await done('kill new-view --reason Broken')
  assert.match(killed, /switched off/)
  await done(`undo ${/undo (chg_\S+?)"/.exec(killed)![1]}`)
  assert.match(await done('history --key new-view'), /undo .*switched on[\s\S]*kill .*switched off/)
  assert.match(await done('fleet'), /^Access serves e1\.s8\. Processes: 1 on e1\.s8\.\n/)
  assert.match(await done('trust'), /^fingerprint +\S{43}\n/)
  await done('archive new-view')
  await done('bring-back new-view')
  await done('delete new-view')
  const gone = await run(['get', 'new-view'])
  assert.equal(gone.status, 2)
  assert.match(gone.stderr, /^holdfast: \S+ answered 404 flags\.not_found: There is no flag new-view\.\n$/)
})

test('an export goes into a file and comes back from it or from standard input', async () => {
  await using terminal = await openTerminal()
  const { done, run } = terminal
  const input = JSON.stringify({ ...manyFlags(3), $evaluators: { pro: { '===': [{ var: 'plan' }, 'pro'] } } })
  assert.match(
    await done('import - --dry-run', { input }),
    /^4 come, 0 change, 0 are taken away\.\nsegment pro\n {2}made: plan is pro\nflag flag-001\n/,
  )
  assert.equal(terminal.managed.rig.flags.current()!.body.count, 0)
  await done('import -', { input })
  const exported = await done('export')
  writeFileSync(join(terminal.folder, 'flags.json'), exported)
  assert.match(await done('import flags.json --mode replace'), /Nothing had to be changed\.\n$/)
  assert.match(await done('segments'), /^key[\s\S]*pro +e1\.s2 +plan is pro/)
  const flags = { a: { ...flagOf(), metadata: { 'holdfast.on_unknown': 'vale' } } }
  writeFileSync(join(terminal.folder, 'unmeant.json'), JSON.stringify({ flags }))
  for (const [words, line] of [
    [['import', 'unmeant.json'], /Write last-known, value or refuse as holdfast\.on_unknown: "vale" is none of them\./],
    [['import', 'none.json'], /none\.json cannot be read \(ENOENT\)/],
    [['import', '-'], /standard input holds no JSON object/],
    [['set', 'a', '--state', 'maybe'], /--state is on or off/],
    [['rollout', 'a', '--variant', 'on', '--percent', '5', '--segment', 's', '--where', '[]'], /not both/],
  ] as const) {
    const refused = await run(words)
    assert.deepEqual([refused.status, refused.stdout], [2, ''], words.join(' '))
    assert.match(refused.stderr, line)
  }
})

test('what takes away many is confirmed by number, what was served is kept in a file, and 500 flags come back', async () => {
  await using terminal = await openTerminal()
  const { done, run, folder, managed } = terminal
  const { clock } = managed.rig
  await done('import -', { input: JSON.stringify(manyFlags(500)) })
  clock.advance(60_000)
  const at = clock.now().toISOString()
  clock.advance(60_000)
  const one = JSON.stringify(manyFlags(1))
  const words = ['import', '-', '--mode', 'replace']
  for (const more of [[], ['--confirm', '498']]) {
    const refused = await run([...words, ...more], { input: one })
    assert.equal(refused.status, 2)
    assert.match(
      refused.stderr,
      /this takes away 499 flags and segments.*Nothing was done\.\n$|say so with --confirm 499/,
    )
  }
  assert.equal(managed.rig.flags.current()!.body.count, 500)
  assert.equal((await run([...words, '--confirm', '499'], { input: one })).status, 0)
  assert.equal(managed.rig.flags.current()!.body.count, 1)

  const diff = await done(`diff --at ${at}`)
  assert.equal(diff.match(/^- flag-/gm)?.length, 499)
  assert.match(await done(`restore --at ${at} --dry-run`), /^499 come, 0 change, 0 are taken away\./)
  assert.deepEqual(globSync('holdfast-flags-*', { cwd: folder }), [])
  const restored = await done(`restore --at ${at} --before kept.json`)
  assert.match(restored, /kept in kept\.json\.\nDone: e2\./)
  assert.equal(managed.rig.flags.current()!.body.count, 500)
  assert.deepEqual(Object.keys(JSON.parse(readFileSync(join(folder, 'kept.json'), 'utf8')).flags), ['flag-001'])

  const again = await run(['restore', '--at', at, '--before', 'kept.json'])
  assert.equal(again.status, 2)
  assert.match(again.stderr, /cannot be kept in kept\.json \(EEXIST\)\. Nothing was done/)
  assert.equal(managed.rig.flags.current()!.epoch, 2)
  const adopted = JSON.parse(await done('adopt --json'))
  assert.match(adopted.number, /^e3\./)
  assert.ok(existsSync(join(folder, globSync('holdfast-flags-before-*.json', { cwd: folder })[0]!)))
})

test('of emptied tables the list says that they are not what is answered, and a restore brings it back', async () => {
  await using terminal = await openTerminal()
  const { done, run, managed } = terminal
  await done('import -', { input: JSON.stringify(manyFlags(500)) })
  await wipe(managed.database.ownerUrl)
  await managed.rig.flags.follow()
  const listed = await run(['list'])
  assert.match(listed.stderr, /^These rows are not what is answered: .* 500 are served as they were\./)
  assert.doesNotMatch(listed.stderr, /There is none/)
  const refused = await run(['kill', 'flag-001'])
  assert.deepEqual([refused.status, /503 flags\.held/.test(refused.stderr)], [1, true])
  assert.match(
    await done('restore --reason Wiped'),
    /^0 come, 0 change, 0 are taken away\.\nWhat was served .*\nDone: e2\./,
  )
  assert.equal((await done('list --limit 200')).trimEnd().split('\n').length, 201)
})

test('the key that signs flags is rotated when the number of its list was said, and not by a word typed in passing', async () => {
  await using terminal = await openTerminal()
  const { done, run, managed } = terminal
  await done('set new-view')
  const { key_list: before } = JSON.parse(await done('trust --json'))
  assert.equal(before.number, 1)
  const told = await done('rotate-key --dry-run')
  assert.match(
    told,
    new RegExp(
      `^Flags are signed by ${before.keys[0]}, key list 1\\.\\nAnother key signs .*\\n.* stays: \\S{43}\\.\\n$`,
    ),
  )
  assert.equal(JSON.parse(await done('rotate-key --dry-run --json')).dry_run, true)
  for (const [words, line] of [
    [[], /this replaces the key of list 1 for good: say so with --confirm 1\. Nothing was done\.\n$/],
    [['--confirm', '2'], /and --confirm says 2\. Nothing was done\.\n$/],
  ] as const) {
    const refused = await run(['rotate-key', '--reason', 'Stolen', ...words])
    assert.equal(refused.status, 2)
    assert.match(refused.stderr, line)
  }
  assert.deepEqual(JSON.parse(await done('trust --json')).key_list, before)
  const rotated = await done('rotate-key --reason Stolen --confirm 1')
  assert.match(rotated, /\nDone: e1\.s3 is signed by another key\. "holdfast flags fleet" tells who follows\.\n$/)
  const { key_list: after } = JSON.parse(await done('trust --json'))
  assert.deepEqual([after.number, after.keys.length], [2, 1])
  assert.notEqual(after.keys[0], before.keys[0])
  assert.match(await done('history'), /rotate-key/)
  await wipe(managed.database.ownerUrl)
  await managed.rig.flags.follow()
  const held = await run(['rotate-key', '--confirm', '2'])
  assert.deepEqual([held.status, /503 flags\.held/.test(held.stderr)], [1, true])
})

test('where nobody answers, the exit code is 1, and where the token may not, 2', async () => {
  await using terminal = await openTerminal()
  const { run } = terminal
  const refused = await run(['kill', 'a'], { more: { HOLDFAST_TOKEN: tokenFor('flags:read') } })
  assert.equal(refused.status, 2)
  assert.match(refused.stderr, /403 sessions\.not_allowed/)
  const away = await run(['get', 'a'], { more: { HOLDFAST_URL: 'http://127.0.0.1:9' } })
  assert.equal(away.status, 1)
  assert.match(away.stderr, /does not answer/)
})
