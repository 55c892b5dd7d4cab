/** What an application is given and what it tells; `app-process.ts` is the process itself. */

/** How it comes by the answer to one question; synchronous, as a page needs it. */
export interface Reader {
  answer(key: string, organization: string): { value: boolean; source: string }
  standing(): Standing
}

/** What it answers by. */
export interface Standing {
  /** `e3.s1893`; null: its flags have no number. */
  number: string | null
  flags: number
  /** It says itself that something is wrong, or may be. */
  isInDoubt: boolean
}

export type OpenReader = (setup: never) => Promise<Reader>

/** A tenth of a second of one application. */
export interface Bucket {
  fromMs: number
  toMs: number
  asked: number
  /** Answered otherwise than is right. */
  wrong: number
  sources: Record<string, number>
  standing: Standing
}

export interface ToApp {
  reader: string
  setup: unknown
  perSecond: number
  seed: number
}
export type FromApp =
  | { type: 'ready'; atMs: number; standing: Standing }
  | { type: 'bucket'; bucket: Bucket }
  | { type: 'failed'; message: string }
