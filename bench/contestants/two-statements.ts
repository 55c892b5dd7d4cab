import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { monotonicMs } from '../../drills/frame/clock.ts'
import type { Contestant } from '../contestant.ts'
import { type Open, startPeer } from '../peers/peer.ts'

/** As many as people sign in at once elsewhere: a statement a connection. */
const CONNECTIONS = 16

export const twoStatements: Contestant = {
  name: 'two-statements',
  measure: 'sign-in',
  about: 'limit: what a sign-in must at least write, a challenge and a session, as two statements without HTTP or mail',
  ratioTo: 'two-statements',
  start: (scene) => startPeer(scene, import.meta.url),
}

const TABLES = `
  create table challenge (id bytea primary key, code bytea not null, used_at timestamptz);
  create table session (digest bytea primary key, challenge_id bytea not null, created_at timestamptz not null)`
const ASK = 'insert into challenge (id, code) values ($1, $2)'
const SIGN_IN = `
  with used as (update challenge set used_at = now() where id = $1 and code = $2 and used_at is null returning id)
  insert into session (digest, challenge_id, created_at) select $3, id, now() from used`

export const open: Open = async ({ databaseUrl }) => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS })
  await pool.query(TABLES)
  const signIn = async () => {
    const [id, code, digest] = [randomBytes(16), randomBytes(32), randomBytes(32)]
    await pool.query({ name: 'ask', text: ASK, values: [id, code] })
    const { rowCount } = await pool.query({ name: 'sign-in', text: SIGN_IN, values: [id, code, digest] })
    if (rowCount !== 1) throw new Error('A challenge was lost.')
  }
  return {
    async work({ untilMs }) {
      let operations = 0
      const lane = async () => {
        for (; monotonicMs() < untilMs; operations++) await signIn()
      }
      await Promise.all(Array.from({ length: CONNECTIONS }, lane))
      return operations
    },
  }
}
