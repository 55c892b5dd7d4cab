import { ACCOUNT_AUDIENCE, CONSOLE_AUDIENCE } from '../../ground/applications/index.ts'
import type { Parts } from './parts.ts'

const OURS = 'Holdfast'

/** Whose name stands on pages and mails: the app's, or ours where there is none. */
export function brandOf({ applications }: Pick<Parts, 'applications'>, audience: string): { name: string } {
  return { name: applications.find(audience)?.name ?? OURS }
}

/** What a session is for, in words; null: for these pages themselves. */
export function audienceInWords({ applications }: Pick<Parts, 'applications'>, audience: string): string | null {
  if (audience === ACCOUNT_AUDIENCE) return null
  return audience === CONSOLE_AUDIENCE ? `${OURS} console` : (applications.find(audience)?.name ?? audience)
}
