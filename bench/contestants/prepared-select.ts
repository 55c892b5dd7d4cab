import Fastify from 'fastify'
import pg from 'pg'
import type { Contestant } from '../contestant.ts'
import { listen } from '../peers/listen.ts'
import { type Open, startPeer } from '../peers/peer.ts'
import { cookieLine, digestOf, makeTokens, SESSIONS_COLD, sessionOf, tokenOf } from '../peers/tokens.ts'

/** node-postgres' own default. */
const CONNECTIONS = 10

export const preparedSelect: Contestant = {
  name: 'prepared-select',
  measure: 'session check',
  about: 'one prepared SELECT by the SHA-256 of the cookie, in a Fastify route; 100 000 rows',
  ratioTo: 'bare-fastify',
  start: (scene) => startPeer(scene, import.meta.url),
}

export const open: Open = async ({ databaseUrl }) => {
  const tokens = makeTokens(SESSIONS_COLD)
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS })
  await pool.query('create table session (digest bytea primary key, said jsonb not null, ended_at timestamptz)')
  const rows = [tokens.map(digestOf), tokens.map((_, index) => JSON.stringify(sessionOf(index)))]
  await pool.query('insert into session (digest, said) select * from unnest($1::bytea[], $2::jsonb[])', rows)
  await pool.query('vacuum analyze session')
  const app = Fastify()
  app.get('/session', async (request, reply) => {
    const { rows: found } = await pool.query({
      name: 'session',
      text: 'select said, ended_at from session where digest = $1',
      values: [digestOf(tokenOf(request.headers.cookie))],
    })
    if (found.length === 0) return reply.code(401).send()
    return found[0].said
  })
  const credentials = tokens.map(cookieLine)
  return { ask: { kind: 'request', url: await listen(app), path: '/session', credentials, expect: '"user"' } }
}
