import type { SigningKeyState } from '../api/wire.ts'

/** What each state of a key means for somebody who reads it the first time. */
export const meanings: Record<SigningKeyState, { name: string; meaning: string }> = {
  next: { name: 'Next', meaning: 'Published ahead, so that every application has it before it signs.' },
  active: { name: 'Active', meaning: 'Signs every new proof.' },
  retiring: { name: 'Retiring', meaning: 'Signs no more; proofs it signed are still accepted.' },
  retired: { name: 'Retired', meaning: 'No longer accepted anywhere.' },
}
