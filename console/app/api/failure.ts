import type { OutageProblem } from './wire.ts'

/**
 * Why a call did not bring an answer. The difference decides what is shown, and `signed-out` alone may send somebody
 * to sign-in: an outage never does.
 */
export type FailureKind =
  /** No answer of access: the network, the deadline, or a gateway that speaks for it. */
  | 'silent'
  /** Access answered that it cannot know, for now. */
  | 'unknown'
  | 'signed-out'
  | 'forbidden'
  | 'not-found'
  /** Any other problem document: the sentence in it says what to do. */
  | 'refused'
  /** An answer that is not in the contract. */
  | 'strange'

export class CallFailure extends Error {
  override name = 'CallFailure'
  readonly kind: FailureKind
  readonly call: string
  readonly at: Date
  readonly status: number | null
  readonly problem: OutageProblem | null

  constructor(
    kind: FailureKind,
    facts: { call: string; status?: number; problem?: OutageProblem | undefined; cause?: unknown },
  ) {
    super(facts.problem?.detail || facts.problem?.title || sentences[kind], { cause: facts.cause })
    this.kind = kind
    this.call = facts.call
    this.at = new Date()
    this.status = facts.status ?? null
    this.problem = facts.problem ?? null
  }

  get code(): string {
    return this.problem?.code ?? `console.${this.kind.replace('-', '_')}`
  }
}

const sentences: Record<FailureKind, string> = {
  silent: 'Access did not answer.',
  unknown: 'Access cannot know this for now.',
  'signed-out': 'You are not signed in to the console.',
  forbidden: 'This is for administrators.',
  'not-found': 'There is nothing at this address.',
  refused: 'Access refused this.',
  strange: 'Access gave an answer that this console does not understand.',
}

/** True for what passes by itself: it is shown as unknown and tried again, not as an error. */
export function isOutage(error: unknown): error is CallFailure {
  return error instanceof CallFailure && (error.kind === 'silent' || error.kind === 'unknown')
}

export function isFailure(error: unknown, kind: FailureKind): error is CallFailure {
  return error instanceof CallFailure && error.kind === kind
}
