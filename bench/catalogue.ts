import type { Contestant } from './contestant.ts'
import { bareFastify } from './contestants/bare-fastify.ts'
import { betterAuthCookieCache } from './contestants/better-auth-cookie-cache.ts'
import { betterAuthSignIn } from './contestants/better-auth-sign-in.ts'
import { betterAuth } from './contestants/better-auth.ts'
import { connectRedis } from './contestants/connect-redis.ts'
import { digestMapInProcess } from './contestants/digest-map-in-process.ts'
import { digestMap } from './contestants/digest-map.ts'
import { holdfastCold } from './contestants/holdfast-cold.ts'
import { holdfastSignIn } from './contestants/holdfast-sign-in.ts'
import { holdfastVerify } from './contestants/holdfast-verify.ts'
import { holdfastWarm } from './contestants/holdfast-warm.ts'
import { joseVerify } from './contestants/jose-verify.ts'
import { preparedSelect } from './contestants/prepared-select.ts'
import { redisGet } from './contestants/redis-get.ts'
import { twoStatements } from './contestants/two-statements.ts'

/** In the order in which they take turns: those that are set against each other are neighbours. */
export const contestants: readonly Contestant[] = [
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
]
