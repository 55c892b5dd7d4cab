import type { FlagDetails, Holdfast, Session } from '@holdfast/sdk'
import { ageInWords } from './age-in-words.ts'

/** Which look of the notebook somebody has, and why; the page and its script are filled from the same. */
export interface WhichView {
  view: 'new' | 'old'
  /** One sentence. */
  view_why: string
  /** Where the answer comes from, its number and its age. */
  view_from: string
}

const FLAG = 'new-view'
const BY_CHOICE = { STATIC: 'for everybody', DEFAULT: 'by default', TARGETING_MATCH: 'by its rule' }

/** Asks the flag `new-view`, for an organisation as a whole: colleagues see the same. */
export function whichView({ flags }: Pick<Holdfast, 'flags'>, session: Session | null): WhichView {
  const organization = session?.organization_id ?? ''
  const context = { targetingKey: session?.user.id, organization, roles: session?.roles ?? [] }
  const answer = flags.details(FLAG, false, context)
  return { view: answer.value ? 'new' : 'old', view_why: whyOf(answer, organization), view_from: fromOf(answer) }
}

function whyOf({ reason, variant, errorCode }: FlagDetails<boolean>, organization: string): string {
  const whom = organization === '' ? 'somebody without an organisation' : organization
  if (errorCode === 'PROVIDER_NOT_READY') return 'Nothing is known of flags yet, so our own default counts.'
  if (errorCode === 'FLAG_NOT_FOUND') return `There is no flag ${FLAG}, so our own default counts.`
  if (reason === 'DISABLED') return `The flag ${FLAG} is switched off, so our own default counts.`
  const how = variant === undefined ? undefined : BY_CHOICE[reason as keyof typeof BY_CHOICE]
  if (how === undefined) return `The flag ${FLAG} cannot be used (${errorCode ?? reason}), so our own default counts.`
  return `The flag ${FLAG} says “${variant}” for ${whom}, ${how}.`
}

function fromOf({ source, seq, ageMs }: FlagDetails<boolean>): string {
  if (seq === null) return source
  return `${source}, ${seq}, ${ageMs === null ? 'age not known' : ageOf(ageMs)}`
}

/** Confirmed every two seconds: what is younger would only flicker. */
const ageOf = (ageMs: number) => (ageMs < 5_000 ? 'confirmed just now' : `confirmed ${ageInWords(ageMs)} ago`)
