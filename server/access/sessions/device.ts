import Bowser from 'bowser'
import type { Device } from './session.ts'

const USER_AGENT_MAX = 400

/** "Firefox on Windows" from what the browser says of itself; a name for people, no evidence of anything. */
export function deviceOf(headers: Readonly<Record<string, string | undefined>>, address: string): Device {
  const userAgent = (headers['user-agent'] ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, USER_AGENT_MAX)
  return { name: nameOf(userAgent), user_agent: userAgent, address }
}

function nameOf(userAgent: string): string {
  if (!userAgent) return 'Unknown device'
  const { browser, os } = Bowser.parse(userAgent)
  const program = browser.name || userAgent.split(/[\s/]/, 1)[0] || 'Unknown program'
  return os.name ? `${program} on ${os.name}` : program
}
