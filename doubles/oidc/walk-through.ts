/** A sign-in has six redirects here; more is a circle. */
const REDIRECTS_MAX = 12

/**
 * A browser without eyes: follows an authorisation with its cookies until it is sent back, and tells where to. Where it meets
 * the form it posts `sub`; with a `login_hint` there is none.
 */
export async function walkThrough(authorizationUrl: URL, redirectUri: string, sub?: string): Promise<URL> {
  const jar = new Map<string, string>()
  let url = authorizationUrl
  for (let step = 0; step < REDIRECTS_MAX; step++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const common = { redirect: 'manual', headers: { cookie } } as const
    const signal = AbortSignal.timeout(10_000)
    const isForm = sub !== undefined && url.pathname.startsWith('/interaction/')
    const answer = isForm
      ? await fetch(url, { ...common, signal, method: 'POST', body: new URLSearchParams({ sub }) })
      : await fetch(url, { ...common, signal })
    await answer.body?.cancel()
    for (const line of answer.headers.getSetCookie()) keep(jar, line)
    const location = answer.headers.get('location')
    if (location === null) throw new Error(`${url.pathname} answered ${answer.status} and no way on`)
    url = new URL(location, url)
    if (url.href.startsWith(redirectUri)) return url
  }
  throw new Error(`not back after ${REDIRECTS_MAX} redirects`)
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';', 1)
  const [name = '', value = ''] = pair.split('=', 2)
  if (value === '') jar.delete(name)
  else jar.set(name, value)
}
