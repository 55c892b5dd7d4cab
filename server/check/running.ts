import type { Config } from '../config.ts'
import { openTransport } from '../platform/mail/index.ts'
import { degraded, type Finding, failing, ok, unknown } from './finding.ts'

const ASK_MS = 3000
const MAIL_MS = 5000

/** Whether access runs, and what it says of itself. */
export async function checkAccess({ accessPort, bind }: Pick<Config, 'accessPort' | 'bind'>): Promise<Finding> {
  const name = 'access'
  const host = bind === '0.0.0.0' || bind === '::' ? '127.0.0.1' : bind.includes(':') ? `[${bind}]` : bind
  try {
    const answer = await fetch(`http://${host}:${accessPort}/readyz`, {
      signal: AbortSignal.timeout(ASK_MS),
      redirect: 'error',
    })
    const { dependencies = [] } = (await answer.json()) as { dependencies?: { name: string; state: string }[] }
    const not = dependencies.filter(({ state }) => state !== 'ok').map((each) => `${each.name} ${each.state}`)
    if (not.length > 0)
      return degraded(name, `Access runs, and says: ${not.join(', ')}.`, 'See the console, or /readyz.')
    return ok(name, `Access runs on port ${accessPort}, and says that all is well.`)
  } catch {
    // Refused, hung or no JSON: which of them it is changes nothing for whoever reads this.
    return unknown(
      name,
      `Nothing that is access answers on port ${accessPort}.`,
      'Start it, or run this with its settings.',
    )
  }
}

/** Connects and logs in, as a sign-in would; sends nothing. */
export async function checkMail({ smtpUrls }: Pick<Config, 'smtpUrls'>): Promise<Finding[]> {
  return Promise.all(
    smtpUrls.map(async (url, index) => {
      const name = `mail ${String.fromCharCode(65 + index)}`
      const transport = openTransport(url)
      const probed = await transport.probe({ deadlineMs: MAIL_MS })
      return probed.outcome === 'ok'
        ? ok(name, `${transport.place} lets us in.`)
        : failing(
            name,
            `${transport.place} does not let us in (${probed.code}).`,
            'Check the address, the password and the provider.',
          )
    }),
  )
}
