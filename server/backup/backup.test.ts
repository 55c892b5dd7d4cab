import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import { createTestDatabase, type TestDatabase } from '../platform/testing/index.ts'
import { sealName, tableName } from './archive.ts'
import { secretFor } from './place.ts'
import { inBytes, lineOf, openProgress } from './progress.ts'
import { openArchive } from './read-archive.ts'
import { newRecoveryKey } from './recovery-key.ts'
import { BackupFailed, BackupRefused } from './refused.ts'
import { type RestoreRows, restoreRows } from './restore.ts'
import { parseRevocations, parseTombstones, removalsIn } from './safety/revocation-files.ts'
import { newSigner, signerFrom } from './signer.ts'
import { archivesIn, openTarget, type Target } from './target.ts'
import { ask, type BackupRig, insertSession, openBackupRig } from './testing.ts'

const UNKNOWN = { ends: [], lastSeq: -1, coversFrom: () => false }

async function restoredFrom(
  rig: BackupRig,
  name: string,
  safety: Partial<RestoreRows['safety']> = {},
  into?: Pick<TestDatabase, 'ownerUrl'>,
  stamp?: NonNullable<RestoreRows['stamp']>,
) {
  const own = into ? undefined : await createTestDatabase()
  const db = { ownerUrl: (into ?? own!).ownerUrl, [Symbol.asyncDispose]: async () => own?.drop() }
  await using archive = await openArchive({ target: rig.target, name, key: rig.key, signer: rig.signer })
  const said = await restoreRows({
    archive,
    ownerUrl: db.ownerUrl,
    appRole: 'holdfast_app',
    log: silentLog,
    safety: {
      now: systemClock.now(),
      secret: rig.secret,
      ends: UNKNOWN,
      tombstones: [],
      coversRemovals: () => false,
      keepSessions: false,
      ...safety,
    },
    ...(stamp && { stamp }),
    onProgress() {},
    async onFile(_, bytes) {
      for await (const _portion of bytes);
    },
  })
  return { db, said, manifest: archive.manifest }
}

async function rowsOf(url: string, table: { schema: string; table: string; columns: string[] }): Promise<string[]> {
  const columns = table.columns.map((name) => `"${name}"`).join(', ')
  return ask(url, async (client) => {
    const { rows } = await client.query(
      `select row(${columns})::text as row from "${table.schema}"."${table.table}" order by 1 limit 10000`,
    )
    return rows.map(({ row }) => row as string)
  })
}

const column = (url: string, text: string) =>
  ask(url, async (client) => (await client.query({ text, rowMode: 'array' })).rows.map(([value]) => value as unknown))

test('what was backed up and restored elsewhere has the same rows in every table, but for what makes it safe', async () => {
  await using rig = await openBackupRig()
  const made = await rig.backup()
  const { db, manifest } = await restoredFrom(rig, made.archive, { keepSessions: true })
  await using _ = db
  const changed = new Set([
    'sessions.revocation_head',
    'identity.removal_head',
    'identity.challenge',
    'environment.enrolment',
    'audit.line',
  ])
  const source = await readTables(rig, made.archive)
  let compared = 0
  for (const table of manifest.tables) {
    if (changed.has(tableName(table)) || tableName(table) === 'backups.run') continue
    assert.deepEqual(await rowsOf(db.ownerUrl, table), source.get(tableName(table)), tableName(table))
    compared += 1
  }
  assert.ok(compared > 20, `${compared} tables were compared`)
  assert.ok(manifest.tables.reduce((sum, { rows }) => sum + rows, 0) > 10)
})

/** The backup's own record comes after its snapshot; nothing else has been written since. */
async function readTables(rig: BackupRig, name: string): Promise<Map<string, string[]>> {
  await using archive = await openArchive({ target: rig.target, name, key: rig.key, signer: rig.signer })
  const read = new Map<string, string[]>()
  const since = new Set(['signals.signal', 'audit.entry'])
  for (const table of archive.manifest.tables) {
    const rows = await rowsOf(rig.db.ownerUrl, table)
    const isOfRecord = (row: string) => since.has(tableName(table)) && row.includes('backup.done')
    read.set(
      tableName(table),
      rows.filter((row) => !isOfRecord(row)),
    )
  }
  return read
}

test('what ended stays ended, what was live is ended as restored, open codes are void and used ones stay used', async () => {
  await using rig = await openBackupRig()
  const { archive } = await rig.backup()
  const { db, said } = await restoredFrom(rig, archive)
  await using _ = db
  assert.equal(said.endedAsRestored, 1)
  assert.equal(said.stillLive, 0)
  assert.deepEqual(await column(db.ownerUrl, `select id || ' ' || end_reason from sessions.session order by id`), [
    'ses_ended revoked',
    'ses_live restored',
  ])
  assert.deepEqual(
    await column(db.ownerUrl, 'select id from identity.challenge where used_at is null and replaced_at is null'),
    [],
  )
  assert.deepEqual(await column(db.ownerUrl, 'select id from identity.challenge where used_at is not null'), [
    'chl_used',
  ])
  const [seq] = (await column(db.ownerUrl, 'select seq::int from sessions.revocation_head')) as [number]
  assert.ok(seq > 1_000_000, 'numbers that others may have heard of are not given twice')
  assert.deepEqual(await column(db.ownerUrl, 'select max(seq)::int from sessions.revocation'), [seq])
})

test('with a revocation log in which nothing is missing, only those in it are ended', async () => {
  await using rig = await openBackupRig()
  await ask(rig.db.ownerUrl, (client) => insertSession(client, { id: 'ses_other', user: 'usr_b', handle: 'x' }))
  const { archive } = await rig.backup()
  const at = '2026-11-21T10:00:00.000Z'
  const line = (seq: number, id: string) =>
    JSON.stringify({ seq, session_id: id, reason: 'signed_out', at, forget_at: '2126-11-22T10:00:00.000Z' })
  const known = (lines: string[]) => {
    const { ends, lastSeq } = parseRevocations(lines.join('\n'), 'a file')
    const numbers = new Set(ends.map(({ seq }) => seq))
    const covers = (after: number) =>
      lastSeq >= after && Array.from({ length: lastSeq - after }, (_, n) => after + 1 + n).every((n) => numbers.has(n))
    return { ends, lastSeq, coversFrom: covers }
  }
  const whole = await restoredFrom(rig, archive, { ends: known([line(8, 'ses_live')]) })
  await using _whole = whole.db
  assert.deepEqual(
    await column(whole.db.ownerUrl, `select coalesce(end_reason, 'live') from sessions.session order by id`),
    ['revoked', 'signed_out', 'live'],
  )
  assert.deepEqual([whole.said.endedAsKnown, whole.said.mayBeResurrected], [1, 0])

  const gap = await restoredFrom(rig, archive, { ends: known([line(9, 'ses_live')]) })
  await using _gap = gap.db
  assert.deepEqual(
    await column(gap.db.ownerUrl, `select coalesce(end_reason, 'live') from sessions.session order by id`),
    ['revoked', 'signed_out', 'restored'],
    'number 8 is missing: nobody knows whose end it was',
  )
})

test('deadlines of an outage lie among the ends of an app, and their numbers are none that is missing', () => {
  const [at, forget_at] = ['2026-11-21T10:00:00Z', '2026-11-22T10:00:00Z']
  const lines = [
    { holdfast: 'revocations', seq: 3 },
    { seq: 1, session_id: 'ses_a', reason: 'revoked', at, forget_at },
    { seq: 2, session_id: 'ses_b', due_at: at, forget_at },
    { seq: 3, session_id: 'ses_c', reason: 'revoked', at, forget_at },
  ]
  const read = parseRevocations(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`, 'a file')
  assert.deepEqual([read.ends.map(({ seq }) => seq), read.deadlines, read.lastSeq], [[1, 3], [2], 3])
})

test('somebody who was deleted after the backup is deleted again', async () => {
  await using rig = await openBackupRig()
  const { archive } = await rig.backup()
  const tombstones = [
    { user_id: 'usr_b', at: '2026-11-21T10:00:00.000Z' },
    { user_id: 'usr_nobody', at: '2026-11-21T10:00:00.000Z' },
  ]
  const { db, said } = await restoredFrom(rig, archive, { tombstones })
  await using _ = db
  assert.equal(said.deletedAgain, 1)
  assert.deepEqual(await column(db.ownerUrl, 'select id from identity.user order by id'), ['usr_a'])
})

test('a passkey that was removed after the backup never comes back; where nobody knows, none opens anything unasked', async () => {
  await using rig = await openBackupRig()
  await ask(rig.db.ownerUrl, (client) =>
    client.query(`
      insert into identity.passkey (id, credential_id, user_id, rp_id, public_key, counter, transports, is_multi_device,
                                    is_backed_up, name, created_at)
      values ('psk_lost', '\\x01', 'usr_a', 'id.acme.example', '\\x02', 0, '{}', true, true, 'Lost phone', now()),
             ('psk_kept', '\\x03', 'usr_a', 'id.acme.example', '\\x04', 0, '{}', true, true, 'Laptop', now());
      insert into identity.passkey_challenge (id, digest, purpose, browser_digest, audience, return_to, created_at, expires_at)
      values ('pkc_a', '\\x05', 'sign-in', '\\x06', 'account', '/', now(), now() + interval '5 minutes');
      insert into identity.recovery_code (digest, user_id, made_at) values ('\\x07', 'usr_a', now());
      insert into identity.linked_identity (id, user_id, provider_id, issuer, subject, is_email_verified, linked_at,
                                            last_proved_at)
      values ('lid_lost', 'usr_a', 'prv_a', 'https://id.test', 'lost', false, now(), now()),
             ('lid_kept', 'usr_a', 'prv_a', 'https://id.test', 'kept', false, now(), now())`),
  )
  const { archive } = await rig.backup()
  const at = '"at":"2026-11-21T10:00:00.000Z"'
  const tombstones = parseTombstones(
    `{"passkey_id":"psk_lost",${at}}\n{"linked_identity_id":"lid_lost",${at}}\n`,
    'a file',
  )
  const passkeys = `select id || case when unconfirmed_since is null then '' else ' unconfirmed' end
                      from identity.passkey order by id`
  const known = await restoredFrom(rig, archive, { tombstones, coversRemovals: () => true })
  await using _known = known.db
  assert.deepEqual(await column(known.db.ownerUrl, passkeys), ['psk_kept'])
  assert.deepEqual(await column(known.db.ownerUrl, 'select id from identity.linked_identity'), ['lid_kept'])
  assert.deepEqual([known.said.passkeysRemovedAgain, known.said.unconfirmedPasskeys], [1, 0])
  for (const table of ['passkey_challenge', 'recovery_code']) {
    assert.deepEqual(await column(known.db.ownerUrl, `select used_at from identity.${table} where used_at is null`), [])
  }
  const unknown = await restoredFrom(rig, archive)
  await using _unknown = unknown.db
  assert.deepEqual(await column(unknown.db.ownerUrl, passkeys), ['psk_kept unconfirmed', 'psk_lost unconfirmed'])
  assert.equal(unknown.said.unconfirmedPasskeys, 2)

  // A proof has an address of its own: access must start on the copy all the same.
  const stamp = { environment: 'development-proof', installationId: 'ins_proof' }
  const scratch = await restoredFrom(rig, archive, {}, undefined, stamp)
  await using _scratch = scratch.db
  assert.deepEqual(await column(scratch.db.ownerUrl, 'select distinct rp_id from identity.passkey'), ['localhost'])
})

test('a list of tombstones is believed where it reaches from the backup to the end, and lacks no number', () => {
  const since = new Date('2026-11-21T10:00:00Z')
  const at = (minutes: number) => new Date(since.getTime() + minutes * 60_000).toISOString()
  const stone = (seq: number, minutes: number) => JSON.stringify({ passkey_id: `psk_${seq}`, at: at(minutes), seq })
  const mark = (removals: number, minutes: number) => JSON.stringify({ removals, at: at(minutes) })
  const early = [stone(6, -50), stone(7, -9), mark(7, -1)]
  const cases: [said: string, lists: string[][], covers: boolean][] = [
    ['none at all', [], false],
    ['one of the day before', [early], false],
    ['one that was kept on, though nothing was removed', [[...early, mark(7, 59)]], true],
    ['one with what was removed', [[...early, stone(8, 5), stone(9, 7), mark(9, 8)]], true],
    ['one that lacks what another machine removed', [[...early, stone(8, 5), mark(9, 8)]], false],
    ['both', [[...early, stone(8, 5), mark(9, 8)], [stone(9, 7)]], true],
    ['one without numbers, of a release before', [[`{"passkey_id":"psk_8","at":"${at(5)}"}`]], false],
    ['one of another time, before the backup', [[stone(3, 20)]], false],
  ]
  for (const [said, lists, covers] of cases) {
    const known = removalsIn(lists.map((lines) => ({ text: `${lines.join('\n')}\n`, file: 'a list' })))
    assert.equal(known.coversFrom(7, since), covers, said)
  }
  const torn = removalsIn([{ text: `${stone(8, 5)}\n{"passkey_i`, file: 'a list' }])
  assert.deepEqual(torn.stones.length, 1)
})

test('sessions that somebody decided to keep vouch for no passkey', async () => {
  await using rig = await openBackupRig()
  await ask(rig.db.ownerUrl, (client) =>
    client.query(`
      insert into identity.passkey (id, credential_id, user_id, rp_id, public_key, counter, transports, is_multi_device,
                                    is_backed_up, name, created_at)
      values ('psk_lost', '\\x01', 'usr_a', 'id.acme.example', '\\x02', 0, '{}', true, true, 'Lost phone', now())`),
  )
  const { archive } = await rig.backup()
  const { db, said } = await restoredFrom(rig, archive, { keepSessions: true })
  await using _ = db
  assert.equal(said.unconfirmedPasskeys, 1)
  const [seq] = await column(db.ownerUrl, 'select seq::int from identity.removal_head')
  assert.equal(seq, 1_000_000, 'numbers of lists from before are not given again')
})

test('no provider is asked about anybody by a refresh token of before a restore', async () => {
  await using rig = await openBackupRig()
  await ask(rig.db.ownerUrl, (client) =>
    client.query(`
      insert into identity.linked_identity (id, user_id, provider_id, issuer, subject, is_email_verified, linked_at,
                                            last_proved_at, refresh_sealed)
      values ('lid_a', 'usr_a', 'prv_a', 'https://id.test', 'a', false, now(), now(), 'sealed')`),
  )
  const { archive } = await rig.backup()
  const { db } = await restoredFrom(rig, archive, {})
  await using _db = db
  const left = "select id || coalesce(refresh_sealed, ' without') from identity.linked_identity"
  assert.deepEqual(await column(db.ownerUrl, left), ['lid_a without'])
})

test('a looser policy that waited at the time of a backup begins after a restore only if it is asked for again', async () => {
  await using rig = await openBackupRig()
  await ask(rig.db.ownerUrl, (client) =>
    client.query(`
      insert into identity.sign_in_policy_change (id, organization_id, policy, asked_at, asked_by, takes_effect_at)
      values ('spc_a', 'org_a', '{}', now() - interval '2 days', 'usr_a', now() - interval '1 day')`),
  )
  const { archive } = await rig.backup()
  const { db, said } = await restoredFrom(rig, archive, {})
  await using _db = db
  assert.equal(said.withdrawnPolicies, 1)
  assert.deepEqual(await column(db.ownerUrl, 'select settled_as from identity.sign_in_policy_change'), ['withdrawn'])
})

test('what a backup held of an outage opens nothing after a restore, nor does an order to open; one that forbids it holds', async () => {
  await using rig = await openBackupRig()
  const provider = (id: string) => `
    insert into providers.provider (id, name, preset, issuer, client_id, token_endpoint_auth, scopes, keys_good_for_ms,
                                    is_enabled, created_at, changed_at)
    values ('${id}', '${id}', 'oidc', 'https://${id}.test', 'x', 'none', '{openid}', 86400000, true, now(), now());`
  const verdict = (id: string, said: string) => `
    insert into providers.verdict (provider_id, epoch, state, since, open_since, decided_at, decided_by, why, ordered,
                                   ordered_reason, ordered_by, ordered_at, ordered_until)
    values ('${id}', 7, ${said}, 'Told on the telephone', 'usr_a', now(), now() + interval '1 day');`
  await ask(rig.db.ownerUrl, (client) =>
    client.query(
      ['prv_down', 'prv_ordered'].map(provider).join('') +
        verdict('prv_down', `'down', now(), now(), now(), 'holdfast', '{}', 'closed'`) +
        verdict('prv_ordered', `'healthy', now(), null, now(), 'usr_a', '{}', 'open'`),
    ),
  )
  const { archive } = await rig.backup()
  const { db, said } = await restoredFrom(rig, archive, {})
  await using _db = db
  assert.equal(said.forgottenVerdicts, 2)
  const rows = `
    select concat_ws(' ', provider_id, epoch, state, open_since, ordered, ordered_by)
      from providers.verdict order by provider_id`
  assert.deepEqual(await column(db.ownerUrl, rows), ['prv_down 8 suspect closed usr_a', 'prv_ordered 8 suspect'])
  const changes = 'select provider_id from providers.verdict_change where epoch = 8 and not is_open order by 1'
  assert.deepEqual(await column(db.ownerUrl, changes), ['prv_down', 'prv_ordered'])
})

test('sign-ins by passkey that were under way between an app and us at the time of a backup are void after a restore', async () => {
  await using rig = await openBackupRig()
  await ask(rig.db.ownerUrl, (client) =>
    client.query(`
      insert into identity.hand_over (id, state_digest, purpose, browser_digest, audience, return_to, here, created_at,
                                      expires_at)
      values ('hov_a', '\\x01', 'sign-in', '\\x02', 'app_a', '/', 'https://app.test', now(), now() + interval '1 hour');
      insert into identity.vouching (id, state_digest, browser_digest, audience, here, return_to, created_at, expires_at,
                                     user_id)
      values ('vch_a', '\\x01', '\\x02', 'app_a', 'https://app.test', '/', now(), now() + interval '1 hour', 'usr_a')`),
  )
  const { archive } = await rig.backup()
  const { db } = await restoredFrom(rig, archive, { keepSessions: true })
  await using _db = db
  const open = (table: string) => `select id from identity.${table} where used_at is null`
  assert.deepEqual(await column(db.ownerUrl, open('hand_over')), [])
  assert.deepEqual(await column(db.ownerUrl, open('vouching')), [])
})

test('a backup under load is one instant: every handle has its session, and the head is the last number', async () => {
  await using rig = await openBackupRig()
  let isOver = false
  const writing = ask(rig.db.ownerUrl, async (client) => {
    for (let n = 0; !isOver; n++) {
      await insertSession(client, { id: `ses_${n}`, user: 'usr_a', handle: randomBytes(32).toString('base64url') })
      await client.query(
        `with head as (update sessions.revocation_head set seq = seq + 1 returning seq)
         insert into sessions.revocation (seq, session_id, reason, at, forget_at)
         select seq, $1, 'revoked', now(), now() + interval '1 day' from head`,
        [`ses_${n}`],
      )
    }
  })
  const archives: string[] = []
  const slow: Target = {
    ...rig.target,
    async write(name, bytes) {
      async function* slowly() {
        for await (const portion of bytes) {
          await new Promise((resolve) => setImmediate(resolve))
          yield portion
        }
      }
      await rig.target.write(name, slowly())
    },
  }
  archives.push((await rig.backup({ target: slow })).archive)
  isOver = true
  await writing
  const { db } = await restoredFrom(rig, archives[0]!, { keepSessions: true })
  await using _ = db
  assert.deepEqual(
    await column(
      db.ownerUrl,
      'select count(*)::int from sessions.handle as h left join sessions.session as s on s.id = h.session_id where s.id is null',
    ),
    [0],
  )
  const [head, last] = await Promise.all(
    ['select seq::int from sessions.revocation_head', 'select max(seq)::int from sessions.revocation'].map((text) =>
      column(db.ownerUrl, text),
    ),
  )
  assert.equal((head![0] as number) - 1_000_000, last![0])
})

test('an archive that was cut off, changed, signed by another or made for another key is refused in one line', async () => {
  await using rig = await openBackupRig()
  const { archive: name } = await rig.backup()
  const file = join(rig.folder, 'target', name)
  const whole = await readFile(file)
  const seal = await readFile(join(rig.folder, 'target', sealName(name)), 'utf8')
  const open = (more: Partial<Parameters<typeof openArchive>[0]> = {}) =>
    openArchive({ target: rig.target, name, key: rig.key, signer: rig.signer, ...more })
  const refuses = async (pattern: RegExp, more?: Partial<Parameters<typeof openArchive>[0]>) => {
    await assert.rejects(open(more), (error: Error) => {
      assert.ok(error instanceof BackupFailed || error instanceof BackupRefused, String(error.stack))
      assert.match(error.message, pattern)
      assert.doesNotMatch(error.message, /\n|AGE-SECRET/)
      return true
    })
    await writeFile(file, whole)
    await writeFile(join(rig.folder, 'target', sealName(name)), seal)
  }
  await writeFile(file, whole.subarray(0, -100))
  await refuses(/it was cut off or added to/)
  const flipped = Buffer.from(whole)
  flipped[flipped.length >> 1]! ^= 1
  await writeFile(file, flipped)
  await refuses(/is not what was signed/)
  await writeFile(join(rig.folder, 'target', sealName(name)), seal.replace(/"size": \d+/, '"size": 5'))
  await refuses(/The signature of .* does not hold/)
  const other = signerFrom({ recipient: null, ...newSigner(rig.secret) }, rig.secret)
  const { signer: _signer, signature: _signature, ...unsigned } = JSON.parse(seal)
  await writeFile(join(rig.folder, 'target', sealName(name)), JSON.stringify(other.sign(unsigned)))
  await refuses(/was signed by another key/)
  await refuses(/does not open .*: it was made for another one/, { key: await newRecoveryKey(rig.signer) })
  await rm(join(rig.folder, 'target', sealName(name)))
  await refuses(/has no seal .*: it was never completed/)
  await (await open())[Symbol.asyncDispose]()
})

test('a restore overwrites nothing, and one that was broken off can be begun again', async () => {
  await using rig = await openBackupRig()
  const { archive } = await rig.backup()
  await assert.rejects(restoredFrom(rig, archive, {}, rig.db), /holds a Holdfast already: a restore overwrites nothing/)
  await using db = await createTestDatabase()
  const broken = { ...UNKNOWN, coversFrom: () => assert.fail('broken off') }
  await assert.rejects(restoredFrom(rig, archive, { ends: broken }, db), /broken off/)
  assert.deepEqual(await column(db.ownerUrl, 'select environment from environment.stamp'), ['(being restored)'])
  await restoredFrom(rig, archive, {}, db)
  assert.deepEqual(await column(db.ownerUrl, 'select environment from environment.stamp'), ['development'])
})

test('an archive of a newer release, whose migrations nobody here knows, is refused before anything is written', async () => {
  await using rig = await openBackupRig()
  await ask(rig.db.ownerUrl, (client) =>
    client.query(
      `insert into platform.migration (schema_name, name, checksum) values ('identity', '9999_later.sql', 'x')`,
    ),
  )
  const { archive } = await rig.backup()
  await using db = await createTestDatabase()
  await assert.rejects(restoredFrom(rig, archive, {}, db), /identity\/9999_later.sql, which this release does not know/)
  assert.deepEqual(await column(db.ownerUrl, `select count(*)::int from pg_tables where schemaname = 'platform'`), [0])
})

test('without a recovery key there is no backup; a full disk or a broken target leaves nothing that looks like one', async () => {
  await using rig = await openBackupRig()
  const full: Target = {
    ...rig.target,
    async write(name, bytes) {
      async function* untilFull() {
        for await (const portion of bytes) {
          yield portion
          throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
        }
      }
      await rig.target.write(name, name.endsWith('.age') ? untilFull() : bytes)
    },
  }
  await assert.rejects(rig.backup({ target: full }), /is on a full disk/)
  assert.deepEqual(await archivesIn(rig.target), [])
  assert.deepEqual(await readdir(join(rig.folder, 'target')), ['holdfast.json'])
  assert.deepEqual(await column(rig.db.ownerUrl, 'select problem is not null from backups.run'), [true])
  await ask(rig.db.ownerUrl, (client) => client.query('update backups.keys set recipient = null'))
  await assert.rejects(rig.backup(), /run "holdfast backup init" once/)
})

test('a database that goes away in the middle ends the backup in one line, and nothing is kept', async () => {
  await using rig = await openBackupRig()
  // More than all streams on the way hold, in one of the first tables: what comes after it has not been read then.
  await ask(rig.db.ownerUrl, (client) =>
    client.query(
      `insert into backups.run (id, kind, started_at, ended_at, facts)
       select 'bkp_large', 'backup', now(), now(), jsonb_build_object('noise', string_agg(md5(random()::text), ''))
         from generate_series(1, 60000)`,
    ),
  )
  const cutting: Target = {
    ...rig.target,
    async write(name, bytes) {
      async function* cutOff() {
        let isCut = false
        for await (const portion of bytes) {
          if (!isCut) {
            await ask(rig.db.ownerUrl, (client) =>
              client.query(
                `select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'holdfast backup'`,
              ),
            )
          }
          isCut = true
          yield portion
        }
      }
      await rig.target.write(name, name.endsWith('.age') ? cutOff() : bytes)
    },
  }
  await assert.rejects(rig.backup({ target: cutting }), (error: Error) => error instanceof BackupFailed)
  assert.deepEqual(await archivesIn(rig.target), [])
})

test('another environment’s database or target is refused by name', async () => {
  await using rig = await openBackupRig()
  await rig.backup()
  const foreign = { ...rig.config, environment: 'staging' }
  await assert.rejects(
    rig.backup({ config: foreign }),
    /holds the backups of the environment "development", and this is "staging"/,
  )
  const elsewhere = openTarget(rig.config.backup, join(rig.folder, 'other'))
  await assert.rejects(rig.backup({ config: foreign, target: elsewhere }), /belongs to the environment "development"/)
})

test('a secret that was left out is said, and only the right one at hand is taken', async () => {
  await using rig = await openBackupRig({ HOLDFAST_BACKUP_SECRET: 'leave' })
  const { archive: name, isSecretInside } = await rig.backup()
  assert.equal(isSecretInside, false)
  await using archive = await openArchive({ target: rig.target, name, key: rig.key, signer: rig.signer })
  assert.equal(archive.head.secret, null)
  await assert.rejects(secretFor(archive.head, join(rig.folder, 'nowhere')), /is not part of this archive/)
  const wrong = join(rig.folder, 'wrong.key')
  await writeFile(wrong, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 })
  await assert.rejects(secretFor(archive.head, wrong), /is another secret/)
  assert.equal((await secretFor(archive.head, rig.config.secretFile)).text, null)
})

test('as many as were asked for are kept, and what is no backup of ours is left alone', async () => {
  await using rig = await openBackupRig()
  await writeFile(join(rig.folder, 'keep-me'), '')
  const keep = { ...rig.config, backup: { ...rig.config.backup, keep: 1 } }
  const first = await rig.backup({ config: keep })
  // Names tell the second: two of one second are one archive.
  while (new Date().toISOString().slice(0, 19) === first.snapshotAt.toISOString().slice(0, 19));
  const second = await rig.backup({ config: keep })
  assert.deepEqual(second.removed, [first.archive])
  assert.deepEqual(await archivesIn(rig.target), [second.archive])
})

test('progress is shown on a terminal after two seconds, with rate and time left, and never beside JSON', () => {
  const written: string[] = []
  let now = 0
  const screen = { isTTY: true, write: (text: string) => written.push(text) }
  const shown = openProgress({ isQuiet: false, unit: inBytes, screen, nowMs: () => now })
  shown.show(1, 100, 'sessions.session')
  assert.deepEqual(written, [])
  now = 4000
  shown.show(50_000_000, 100_000_000, 'sessions.session')
  assert.match(written.join(''), /50 % {2}12.5 MB\/s {2}4 s left {2}sessions.session/)
  const quiet = openProgress({ isQuiet: true, unit: inBytes, screen, nowMs: () => now })
  written.length = 0
  now = 10_000
  quiet.show(1, 2, 'x')
  openProgress({ isQuiet: false, unit: inBytes, screen: { ...screen, isTTY: false }, nowMs: () => now }).show(1, 2, 'x')
  assert.deepEqual(written, [])
  assert.match(lineOf({ done: 0, of: 0, what: 'x', elapsedMs: 1, unit: inBytes }), /100 %/)
})

test('what applications keep for browsers is in a backup, and comes back emptied unless sessions are kept', async () => {
  await using rig = await openBackupRig()
  await ask(rig.db.ownerUrl, (client) =>
    client.query(`insert into lockers.locker (application, key, content, expires_at, changed_at)
                  values ('app_1', sha256('sid'), '{"user":"ana"}', now() + interval '1 day', now())`),
  )
  const { archive } = await rig.backup()
  for (const [keepSessions, content] of [
    [false, null],
    [true, '{"user":"ana"}'],
  ] as const) {
    const { db } = await restoredFrom(rig, archive, { keepSessions })
    await using _ = db
    assert.deepEqual(await column(db.ownerUrl, 'select content from lockers.locker'), [content])
  }
})
