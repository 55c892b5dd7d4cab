import type { Route } from './route.ts'
import { ProblemShape } from './shapes.ts'

/** What a route says it answers, in the media type in which it is sent, and the refusal that any route may give. */
export function documentedAnswers({ answers = {}, mediaType }: Route['options']): Record<string, unknown> {
  const documented = Object.entries(answers).map(([status, schema]) => {
    const description = descriptions[status] ?? 'As described'
    if (schema === null) return [status, { description, type: 'null' }]
    const media = Number(status) >= 400 ? 'application/problem+json' : (mediaType ?? 'application/json')
    return [status, { description, content: { [media]: { schema } } }]
  })
  const refused = { description: 'Refused', content: { 'application/problem+json': { schema: ProblemShape } } }
  return { ...Object.fromEntries(documented), default: refused }
}

const descriptions: Record<string, string> = {
  200: 'As asked',
  201: 'Made',
  202: 'Accepted; carried out later',
  204: 'Done; nothing to say',
  400: 'The request does not fit',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  410: 'Gone',
  429: 'Too many; see Retry-After',
  503: 'Not known at this moment; see Retry-After',
}
