import { createHash, randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { type Config, readConfig } from '../config.ts'
import { migrate } from '../platform/database/index.ts'
import { systemClock } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import { askOnce } from '../platform/postgres-server/index.ts'
import { openSecret, type Secret } from '../platform/secret.ts'
import { createTestDatabase, makeTestFolder, removeTestFolder, type TestDatabase } from '../platform/testing/index.ts'
import { onOneConnection } from '../platform/database/index.ts'
import { replaceRecipient } from '../ground/backups/index.ts'
import { sources } from '../open-store.ts'
import { installationKeys, makeBackup, type MakeBackup, type Made } from './make-backup.ts'
import { newRecoveryKey, type RecoveryKey } from './recovery-key.ts'
import { openTarget, type Target } from './target.ts'

export const ASK_MS = 30_000
export const ask = <T>(url: string, talk: (client: pg.Client) => Promise<T>) => askOnce(url, ASK_MS, talk)

export function migratedDatabase(): Promise<TestDatabase> {
  return createTestDatabase({
    template: 'all of holdfast',
    async prepare(ownerUrl) {
      await migrate({ ownerUrl, appRole: 'holdfast_app', sources, log: silentLog })
    },
  })
}

/** An installation with people in it, a target beside it, and the recovery key in our hands. */
export interface BackupRig extends AsyncDisposable {
  db: Pick<TestDatabase, 'databaseUrl' | 'ownerUrl' | 'drop'>
  folder: string
  config: Config
  secret: Secret
  key: RecoveryKey
  signer: string
  target: Target
  backup(more?: Partial<MakeBackup>): Promise<Made>
}

export async function openBackupRig(
  settings: Record<string, string> = {},
  own?: Pick<TestDatabase, 'databaseUrl' | 'ownerUrl' | 'drop'>,
): Promise<BackupRig> {
  const folder = await makeTestFolder()
  const data = join(folder, 'data')
  await mkdir(join(data, 'access'), { recursive: true })
  const { config } = readConfig({ HOLDFAST_DATA: data, HOLDFAST_BACKUP_TARGET: join(folder, 'target'), ...settings })
  const db = own ?? (await migratedDatabase())
  await ask(db.ownerUrl, (client) => seed(client))
  const secret = await openSecret(config.secretFile)
  const { signerPublic: signer } = await onOneConnection(db.ownerUrl, ASK_MS, (queries) =>
    installationKeys(queries, { secret, clock: systemClock }),
  )
  const key = await newRecoveryKey(signer)
  await onOneConnection(db.ownerUrl, ASK_MS, (queries) => replaceRecipient(queries, key.recipient))
  const target = openTarget(config.backup)
  const options = {
    config,
    ownerUrl: db.ownerUrl,
    secret,
    target,
    clock: systemClock,
    version: 'test',
    onProgress() {},
  }
  return {
    db,
    folder,
    config,
    secret,
    key,
    signer,
    target,
    backup: (more = {}) => makeBackup({ ...options, ...more }),
    async [Symbol.asyncDispose]() {
      await db.drop()
      removeTestFolder(folder)
    },
  }
}

export const HANDLES = { live: randomBytes(32).toString('base64url'), ended: randomBytes(32).toString('base64url') }

/** Two people, one session of each that is live and one that has ended, and something that is under way. */
async function seed(client: pg.Client): Promise<void> {
  await client.query(`
    insert into environment.stamp (environment, installation_id, stamped_at) values ('development', 'ins_test', now());
    insert into environment.enrolment (token_digest, expires_at) values ('\\x01', now() + interval '1 hour');
    insert into identity.user (id, email, email_key, name, created_at)
    values ('usr_a', 'ana@acme.example', 'ana@acme.example', E'Ana\\n\\t\\\\Ünal', now() - interval '1 day'),
           ('usr_b', 'bo@acme.example', 'bo@acme.example', null, now());
    insert into identity.challenge (id, purpose, browser_digest, email, email_key, audience, return_to, device_name,
                                    code_digest, link_digest, is_link_only, created_at, expires_at, used_at)
    values ('chl_open', 'sign-in', '\\x02', 'bo@acme.example', 'bo@acme.example', 'account', '/', 'a browser', '\\x03',
            '\\x04', false, now(), now() + interval '10 minutes', null),
           ('chl_used', 'sign-in', '\\x02', 'bo@acme.example', 'bo@acme.example', 'account', '/', 'a browser', '\\x05',
            '\\x06', false, now(), now() + interval '10 minutes', now());
    insert into signals.signal (at, kind, subject, facts) values (now(), 'session.ended', 'ses_ended', '{"a": "ü"}');
    insert into audit.entry (at, action, actor_kind, actor_id, subject_kind, subject_id, facts)
    values (now(), 'user.created', 'person', 'usr_a', 'user', 'usr_a', '{}');`)
  for (const [id, user, handle] of [
    ['ses_live', 'usr_a', HANDLES.live],
    ['ses_ended', 'usr_b', HANDLES.ended],
  ] as const) {
    await insertSession(client, { id, user, handle })
  }
  await client.query(`
    update sessions.session set ended_at = now(), end_reason = 'revoked', ended_by = 'usr_a' where id = 'ses_ended';
    update sessions.revocation_head set seq = 7;
    insert into sessions.revocation (seq, session_id, reason, at, forget_at)
    values (7, 'ses_ended', 'revoked', now(), now() + interval '1 day');`)
}

export async function insertSession(
  client: pg.Client,
  { id, user, handle }: { id: string; user: string; handle: string },
): Promise<void> {
  await client.query(
    `with made as (
       insert into sessions.session (id, user_id, audience, person, device, amr, acr, created_at, authenticated_at,
                                     last_seen_at, expires_at, idle_ms)
       values ($1, $2, 'account', '{}', '{}', '{otp}', '1', now(), now(), now(), now() + interval '90 days', 1209600000)
       returning id)
     insert into sessions.handle (digest, session_id, issued_at, seen_at) select $3, id, now(), now() from made`,
    [id, user, createHash('sha256').update(handle).digest()],
  )
}
