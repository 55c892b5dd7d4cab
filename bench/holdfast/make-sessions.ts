import { createHash, randomBytes } from 'node:crypto'
import pg from 'pg'

const PORTION = 10_000
const CONNECT_MS = 5000
const STATEMENT_MS = 60_000

/**
 * Live sessions, made from one that somebody signed in to: a hundred thousand sign-ins would take an hour, because access
 * sends at most twenty mails a second. Returns their handles. It copies whole rows and so names few columns; this and the
 * size of the tables is all that the bench knows of the inside.
 */
export async function makeSessions(databaseUrl: string, count: number): Promise<string[]> {
  return withDatabase(databaseUrl, async (client) => {
    const handles: string[] = []
    while (handles.length < count) {
      const made = Array.from({ length: Math.min(PORTION, count - handles.length) }, newSession)
      await client.query(COPY_SESSIONS, [made.map(({ id }) => id), made.map(({ user }) => user)])
      await client.query(COPY_HANDLES, [made.map(({ id }) => id), made.map(({ digest }) => digest)])
      handles.push(...made.map(({ handle }) => handle))
    }
    // What autovacuum does within a minute of such a load anywhere.
    await client.query('vacuum analyze sessions.session')
    await client.query('vacuum analyze sessions.handle')
    return handles
  })
}

/** Bytes of all tables of sessions with their indexes, for each session. */
export function bytesPerSession(databaseUrl: string): Promise<number> {
  return withDatabase(databaseUrl, async (client) => {
    const { rows } = await client.query(SIZE)
    return Math.round(Number(rows[0].bytes) / Number(rows[0].sessions))
  })
}

const COPY_SESSIONS = `
  insert into sessions.session
  select made.*
    from (select session as whole from sessions.session where ended_at is null limit 1) as one,
         unnest($1::text[], $2::text[]) as given (id, user_id),
         jsonb_populate_record(one.whole, jsonb_build_object(
           'id', given.id, 'user_id', given.user_id, 'last_seen_at', now(),
           'person', (one.whole).person || jsonb_build_object('email', given.user_id || '@bench.test'))) as made`
const COPY_HANDLES = `
  insert into sessions.handle (digest, session_id, issued_at, seen_at)
  select given.digest, given.id, now(), now()
    from unnest($1::text[], $2::bytea[]) as given (id, digest)`
const SIZE = `
  select (select sum(pg_total_relation_size(class.oid))
            from pg_class as class
           where class.relnamespace = 'sessions'::regnamespace
             and class.relkind = 'r')::bigint as bytes,
         (select count(*) from sessions.session)::bigint as sessions`

function newSession() {
  const handle = randomBytes(32).toString('base64url')
  const name = randomBytes(13).toString('hex')
  return { handle, id: `ses_${name}`, user: `usr_${name}`, digest: createHash('sha256').update(handle).digest() }
}

async function withDatabase<T>(connectionString: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
    application_name: 'holdfast bench',
  })
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end()
  }
}
