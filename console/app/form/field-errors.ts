import { CallFailure } from '../api/failure.ts'

/** What a problem document says of single fields: by its list of `errors`, or because its code belongs to one field. */
export function fieldErrors(failure: Error | null, refusals: Record<string, string> = {}): Record<string, string> {
  if (!(failure instanceof CallFailure) || !failure.problem) return {}
  const own = refusals[failure.code]
  if (own) return { [own]: failure.message }
  const listed = (failure.problem.errors ?? []).map(({ at, says }) => [fieldAt(at), sentence(says)] as const)
  return Object.fromEntries(listed.filter(([name]) => name !== ''))
}

/** `body/on_unknown/max_age_s` is about the field `on_unknown`. */
function fieldAt(at: string): string {
  return at.split('/')[1] ?? ''
}

function sentence(says: string): string {
  return `This ${says.replace(/\bNOT\b/, 'not')}.`
}
