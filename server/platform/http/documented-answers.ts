import type { TSchema } from 'typebox'

/** RFC 9457, as every refusal is written; its `code` says which one it is. */
const problemSchema = {
  type: 'object',
  description: 'RFC 9457. Every `code` is explained at /docs/problems.',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable.' },
    detail: { type: 'string', description: 'Says what to do.' },
  },
}

/** What a route says it answers, in the media type in which it is sent, and the refusal that any route may give. */
export function documentedAnswers(answers: Record<number, TSchema | null>): Record<string, unknown> {
  const documented = Object.entries(answers).map(([status, schema]) => {
    const description = descriptions[status] ?? 'As described'
    if (schema === null) return [status, { description, type: 'null' }]
    const media = Number(status) >= 400 ? 'application/problem+json' : 'application/json'
    return [status, { description, content: { [media]: { schema } } }]
  })
  const refused = { description: 'Refused', content: { 'application/problem+json': { schema: problemSchema } } }
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
