/** How the generator asks a contestant. It goes to another process, so it is plain data. */
export type Ask = AskOneThing | AskJourney

/** One request after the other, in the order of `credentials`, each answered as it should be. */
export interface AskOneThing {
  kind: 'request'
  url: string
  path: string
  /** A header line for each person, or several with a line feed between them: `cookie: …`. */
  credentials: readonly string[]
  /** Sent as JSON, one for each of `credentials`, by POST; undefined: GET. */
  bodies?: readonly unknown[]
  /** Of every good answer; undefined: 200. */
  status?: number
  /** Stands in every good answer, such as where it came from. */
  expect: string
  /** Stands in nine of ten, or it was not measured what the name says; undefined: nothing more is asked. */
  mostly?: string
}

/** Several requests that belong together, as a module says that exports `openJourney`. */
export interface AskJourney {
  kind: 'journey'
  url: string
  module: string
  setup: unknown
}

/** What a journey's module exports as `openJourney`: called once, and then for each lane. */
export type OpenJourney = (url: string, setup: never) => Promise<() => Journey>
/** The whole of one operation for the nth person; null, or what went wrong. */
export type Journey = (person: number) => Promise<string | null>
