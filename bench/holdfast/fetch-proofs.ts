import { cookieName, cookies } from '../../sdk/contract.ts'

const AT_ONCE = 16
const ANSWER_DEADLINE_MS = 10_000
const HANDLE = cookieName(cookies.handle, false)
const PROOF = cookieName(cookies.proof, false)

/** The cookies that a browser carries: the handle, and a proof that was just made. One that is half spent is made anew. */
export async function fetchJars(url: string, handles: readonly string[]): Promise<string[]> {
  const jars: string[] = []
  let next = 0
  const lane = async () => {
    for (let at = next++; at < handles.length; at = next++) {
      const handle = `${HANDLE}=${handles[at]}`
      jars[at] = `${handle}; ${PROOF}=${await proofFor(url, handle)}`
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return jars
}

async function proofFor(url: string, cookie: string): Promise<string> {
  const signal = AbortSignal.timeout(ANSWER_DEADLINE_MS)
  const answer = await fetch(`${url}/v1/session/refresh`, { method: 'POST', headers: { cookie, origin: url }, signal })
  const said = await answer.text()
  const proof = answer.headers.getSetCookie().find((line) => line.startsWith(`${PROOF}=`))
  if (!proof) throw new Error(`No proof was made (${answer.status}): ${said}`)
  return proof.slice(PROOF.length + 1).split(';')[0]!
}
