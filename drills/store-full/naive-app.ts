/**
 * The naive arm: what the READMEs of express-session, connect-redis and node-redis say, and nothing else. Sessions are in
 * Redis and nowhere else, which is what "sessions belong in Redis" comes to.
 */
import { RedisStore } from 'connect-redis'
import express from 'express'
import session from 'express-session'
import { createClient } from 'redis'
import { LIFE_S } from './plan.ts'

declare module 'express-session' {
  interface SessionData {
    user: { email: string }
    profile: typeof profile
  }
}

/** What apps keep of a person in the session, so as not to ask a database on each page: some half a kilobyte in Redis. */
const profile = {
  name: 'Somebody with a Name',
  picture: 'https://cdn.example.com/pictures/0f8fad5b-d9cb-469f-a165-70867728950e/256.png',
  organization: { id: '7c9e6679-7425-40de-944b-e07fc1f90ae7', name: 'An Organisation of Usual Length', plan: 'team' },
  roles: ['member', 'billing', 'reports'],
  csrf: 'q5Wk1mZ0nQx7bY2cV8tR4pL9sD3fG6hJ',
}

const redisClient = createClient({ url: process.env.NAIVE_REDIS_URL! })
redisClient.on('error', (error) => console.log('Redis Client Error', error))
redisClient.connect().catch(console.error)

/** The one thing that a release with the wrong constant changes; the drill deploys it, and takes it back. */
let lifeMs = LIFE_S * 1000
process.on('message', (message: { lifeMs: number }) => {
  lifeMs = message.lifeMs
})

const app = express()
app.use(express.json())
// Before the session: a health check that asks the process only, as most do.
app.get('/healthz', (_request, reply) => {
  reply.send('ok')
})
app.use(
  session({
    store: new RedisStore({ client: redisClient, prefix: 'myapp:' }),
    resave: false,
    saveUninitialized: false,
    secret: 'keyboard cat',
    cookie: { maxAge: LIFE_S * 1000 },
  }),
)

app.get('/whoami', (request, reply) => {
  if (request.session.user) reply.json({ user: request.session.user })
  else reply.status(401).json({ error: 'not signed in' })
})

app.post('/sign-in', (request, reply, next) => {
  request.session.regenerate((error) => {
    if (error) return next(error)
    request.session.user = { email: String(request.body.email) }
    request.session.profile = profile
    request.session.cookie.maxAge = lifeMs
    request.session.save((failure) => (failure ? next(failure) : reply.json({ user: request.session.user })))
  })
})

app.post('/sign-out', (request, reply, next) => {
  request.session.destroy((error) => (error ? next(error) : reply.status(204).end()))
})

app.listen(Number(process.env.NAIVE_PORT), '127.0.0.1')
