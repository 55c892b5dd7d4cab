import { type Bar, barOf } from '../../drills/frame/card.ts'
import type { RatioBar } from '../bars.ts'
import type { Bench } from '../bench.ts'
import { bareFastify } from '../contestants/bare-fastify.ts'
import { betterAuthCookieCache } from '../contestants/better-auth-cookie-cache.ts'
import { betterAuthSignIn } from '../contestants/better-auth-sign-in.ts'
import { betterAuth } from '../contestants/better-auth.ts'
import { connectRedis } from '../contestants/connect-redis.ts'
import { digestMapInProcess } from '../contestants/digest-map-in-process.ts'
import { digestMap } from '../contestants/digest-map.ts'
import { holdfastCold } from '../contestants/holdfast-cold.ts'
import { holdfastSignIn } from '../contestants/holdfast-sign-in.ts'
import { holdfastVerify } from '../contestants/holdfast-verify.ts'
import { holdfastWarm } from '../contestants/holdfast-warm.ts'
import { joseVerify } from '../contestants/jose-verify.ts'
import { preparedSelect } from '../contestants/prepared-select.ts'
import { redisGet } from '../contestants/redis-get.ts'
import { twoStatements } from '../contestants/two-statements.ts'
import { measureSizes } from '../run/measure-sizes.ts'
import { measureStarts, type StartTimes } from '../run/measure-starts.ts'
import { startRows } from '../run/rows.ts'

/** What issue 4 §4 asks for, on two cores. */
const RATIOS: readonly RatioBar[] = [
  { name: 'session check, warm, of bare Fastify', of: 'holdfast-warm', to: 'bare-fastify', atLeast: 0.6 },
  { name: 'session check, warm, of better-auth', of: 'holdfast-warm', to: 'better-auth', atLeast: 15 },
  { name: 'session check, cold, of a prepared SELECT', of: 'holdfast-cold', to: 'prepared-select', atLeast: 0.7 },
  { name: 'verify in process, of SHA-256 + Map', of: 'holdfast-verify', to: 'digest-map-in-process', atLeast: 0.6 },
  { name: 'sign-in, of better-auth', of: 'holdfast-sign-in', to: 'better-auth-sign-in', atLeast: 5 },
  { name: 'sign-in, of two bare statements', of: 'holdfast-sign-in', to: 'two-statements', atLeast: 0.2 },
]
const START_COLD_S_MAX = 6
const START_WARM_S_MAX = 2.5

export const sessions: Bench = {
  name: 'sessions',
  about: 'how fast sessions are checked and people signed in',
  minutes: 4,
  // Two starts of ours, and a hundred thousand sessions.
  fixedMs: 90_000,
  contestants: [
    bareFastify,
    holdfastWarm,
    betterAuth,
    betterAuthCookieCache,
    preparedSelect,
    holdfastCold,
    digestMap,
    redisGet,
    connectRedis,
    joseVerify,
    digestMapInProcess,
    holdfastVerify,
    twoStatements,
    holdfastSignIn,
    betterAuthSignIn,
  ],
  ratios: RATIOS,
  async measureRest(entrants, by, { isWhole }) {
    const { progress, stage } = by.scene
    const cold = entrants.find(({ contestant }) => contestant.name === 'holdfast-cold')
    if (cold) progress.step('what a hundred thousand sessions take')
    const sizes = cold ? await measureSizes(cold, by) : []
    if (!isWhole) return { rows: sizes, bars: [], why: [] }
    progress.step('npm start, twice')
    const starts = await measureStarts(stage)
    return { rows: [...sizes, ...startRows(starts)], bars: startBars(starts), why: [] }
  },
}

function startBars({ coldS, warmS }: StartTimes): Bar[] {
  const bar = (name: string, measured: number | null, atMost: number) =>
    barOf({ name, kind: 'promise', measured, required: { atMost }, otherwise: '' })
  return [
    bar('npm start to the first sign-in page, empty data folder, s', coldS, START_COLD_S_MAX),
    bar('npm start to the first sign-in page, second time, s', warmS, START_WARM_S_MAX),
  ]
}
