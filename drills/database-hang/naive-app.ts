/**
 * The naive arm: what the READMEs of its parts say, and nothing else. Express, sessions in PostgreSQL, checked on every
 * request, the driver's defaults (no deadline on connecting, none on a query, a pool of ten).
 */
import connectPgSimple from 'connect-pg-simple'
import express from 'express'
import session from 'express-session'
import { NAIVE_SECRET } from './naive-door.ts'

declare module 'express-session' {
  interface SessionData {
    user: { email: string }
  }
}

const Store = connectPgSimple(session)
const app = express()

app.use(express.json())
// Before the session: a health check that asks the process only, as most do.
app.get('/healthz', (_request, reply) => {
  reply.send('ok')
})
app.use(
  session({
    // By its own connection string, so that the store listens to the pool's errors: without, kill -9 ends this process.
    store: new Store({ conString: process.env.NAIVE_DATABASE_URL!, createTableIfMissing: true }),
    secret: NAIVE_SECRET,
    resave: false,
    saveUninitialized: false,
    cookie: { maxAge: 30 * 24 * 60 * 60 * 1000 },
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
    request.session.save((failure) => (failure ? next(failure) : reply.json({ user: request.session.user })))
  })
})

app.post('/sign-out', (request, reply, next) => {
  request.session.destroy((error) => (error ? next(error) : reply.status(204).end()))
})

app.listen(Number(process.env.NAIVE_PORT), '127.0.0.1')
