import { join } from 'node:path'
import { type Mailbox, startMailbox } from '../../doubles/index.ts'
import {
  makeTestFolder,
  removeTestFolder,
  startTestReplication,
  type TestReplication,
} from '../../server/platform/testing/index.ts'
import { type RedisCluster, startRedisCluster } from '../../server/platform/cache/testing.ts'
import { type Access, accessAt } from './access.ts'
import { freePorts } from './free-ports.ts'
import { type Nginx, startNginx } from './nginx.ts'

/** Several machines on one: everything real, each on a port of its own. */
export interface Installation extends AsyncDisposable {
  /** Where people come: nginx. */
  url: string
  access: readonly [Access, Access]
  postgres: TestReplication
  cache: RedisCluster
  mailbox: Mailbox
  /** Another access process of the same installation, with nothing on its disk. */
  anotherAccess(): Access
}

export interface InstallationOptions {
  replication: 'synchronous' | 'asynchronous'
  settings?: Record<string, string>
}

export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  await using stack = new AsyncDisposableStack()
  const folder = await makeTestFolder()
  stack.defer(() => removeTestFolder(folder))
  const postgres = stack.use(await startTestReplication())
  if (options.replication === 'synchronous') await postgres.makeSynchronous()
  const cache = stack.use(await startRedisCluster())
  const mailbox = stack.use(await startMailbox())
  const [front, one, other, third] = (await freePorts(4)) as [number, number, number, number]
  const settingsOf = (name: string) => ({
    HOLDFAST_URL: `http://127.0.0.1:${front}`,
    HOLDFAST_DATA: join(folder, name),
    HOLDFAST_SECRET_FILE: join(folder, 'secret.key'),
    HOLDFAST_DATABASE_URL: postgres.databaseUrl,
    HOLDFAST_DATABASE_OWNER_URL: postgres.ownerUrl,
    HOLDFAST_VALKEY_URL: cache.url,
    HOLDFAST_SMTP_URLS: mailbox.url,
    HOLDFAST_TRUSTED_PROXIES: '127.0.0.1',
    HOLDFAST_SIGN_UP: 'open',
    HOLDFAST_LOG_LEVEL: 'warn',
    ...options.settings,
  })
  const make = (port: number, name: string) => {
    const access = accessAt(port, settingsOf(name))
    stack.defer(access.kill)
    return access
  }
  const access = [make(one, 'one'), make(other, 'other')] as const
  // One after the other, as is told of a first start: the first makes the secret and the tables.
  for (const each of access) await each.start()
  const nginx: Nginx = stack.use(await startNginx({ folder, port: front, access: access.map(({ port }) => port) }))
  const held = stack.move()
  return {
    url: nginx.url,
    access,
    postgres,
    cache,
    mailbox,
    anotherAccess: () => {
      const made = accessAt(third, settingsOf('third'))
      held.defer(made.kill)
      return made
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}
