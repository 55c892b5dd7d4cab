/**
 * The second of the three ways to say no: the caller can do something about it. Each feature keeps a table of its
 * refusals; a code never changes its meaning once it was released.
 */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: string
  readonly status: number
  readonly facts: Readonly<Record<string, unknown>>

  constructor(code: string, status: number, sentence: string, facts: Record<string, unknown>) {
    super(sentence)
    this.code = code
    this.status = status
    this.facts = facts
  }
}

/** Status and sentence; `{name}` in the sentence is filled from the facts. */
type Row = readonly [status: number, sentence: string]

/** A refusal as the documentation lists it. */
export interface ListedRefusal {
  /** `<feature>.<code>`: what the `type` of a problem document points to. */
  code: string
  status: number
  sentence: string
}

export interface Refuse<Code extends string> {
  (code: Code, facts?: Record<string, unknown>): Refusal
  /** The whole table, to be handed to the documentation by whoever wires the features together. */
  readonly listed: readonly ListedRefusal[]
}

export function refusals<const Table extends Record<string, Row>>(
  feature: string,
  table: Table,
): Refuse<keyof Table & string> {
  const refuse = (code: keyof Table & string, facts: Record<string, unknown> = {}) => {
    const [status, sentence] = table[code]!
    const filled = sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? ''))
    return new Refusal(`${feature}.${code}`, status, filled, facts)
  }
  const listed = Object.entries(table).map(([code, [status, sentence]]) => ({
    code: `${feature}.${code}`,
    status,
    sentence,
  }))
  return Object.assign(refuse, { listed })
}
