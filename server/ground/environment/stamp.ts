import { newId } from '../../platform/id.ts'

/** Environments cannot be confused (law 7; Clockwork 2022: Demo and Production shared one store). */
export interface Stamp {
  environment: string
  installationId: string
}

export class StampRefused extends Error {
  override name = 'StampRefused'
}

export const newStamp = (environment: string, now: Date): Stamp => ({ environment, installationId: newId('ins', now) })

/** Throws one line that names both, when a store belongs to somebody else. */
export function assertOurs(
  found: Stamp,
  expected: { environment: string; installationId?: string | undefined },
  store: string,
): void {
  if (found.environment !== expected.environment) {
    throw new StampRefused(
      `${store} belongs to the environment "${found.environment}" (installation ${found.installationId}), and this is "${expected.environment}". Give each environment a store of its own.`,
    )
  }
  if (expected.installationId && found.installationId !== expected.installationId) {
    throw new StampRefused(
      `${store} belongs to the installation ${found.installationId} of "${found.environment}", and the data folder to ${expected.installationId}. Use the data folder of that installation, or an empty one.`,
    )
  }
}
