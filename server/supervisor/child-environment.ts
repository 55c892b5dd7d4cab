import { env } from 'node:process'

/**
 * What a child is started with: this process's environment, unread, and on top of it what was settled here. Settings
 * themselves are read by `config.ts` alone, in the child as everywhere.
 */
export function childEnvironment(settled: Readonly<Record<string, string>>): Record<string, string | undefined> {
  return { ...env, ...settled }
}
