import { cookieHeader, cookiesSet, type Target } from '../load/request.ts'
import type { Door } from './door.ts'

const COOKIE = 'connect.sid'

export function naiveDoor(target: Target): Door {
  const check: Door['check'] = async ({ cookies }, signal) => {
    const reply = await target.send({
      method: 'GET',
      path: '/whoami',
      headers: { cookie: cookieHeader(cookies) },
      signal,
    })
    const clears = cookiesSet(reply).get(COOKIE) === ''
    // 200 with a user, or 401: an app like this knows no third answer. An error is at least not taken for "signed out".
    if (reply.status === 200)
      return { outcome: /"user":\{/.test(reply.body) ? 'valid' : 'invalid', source: 'redis', clears }
    if (reply.status === 401) return { outcome: 'invalid', source: 'redis', clears }
    return { outcome: 'failed', note: `HTTP ${reply.status}`, clears }
  }
  return {
    check,
    async signIn(person, signal) {
      const reply = await target.send({ method: 'POST', path: '/sign-in', json: { email: person }, signal })
      const value = cookiesSet(reply).get(COOKIE)
      if (reply.status !== 200 || !value) return { outcome: 'failed', note: `HTTP ${reply.status}` }
      const cookies = { [COOKIE]: value }
      const page = await check({ subject: -1, person, cookies }, signal)
      if (page.outcome !== 'valid') return { outcome: 'failed', note: `first page: ${page.note ?? page.outcome}` }
      return { outcome: 'valid', keep: cookies }
    },
  }
}
