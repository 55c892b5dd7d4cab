import type { Connection } from './connection.ts'
import type { Asked } from './read-words.ts'

/** What the command line knows of one noun of the API: a table that the engine carries out. */
export interface Noun {
  summary: string
  /** A sentence or two, and one example. */
  help: string
  /** Of its lists, and of what a verb answers: heading and where it lies, `user.email`. */
  columns: readonly Column[]
  verbs: Readonly<Record<string, Verb>>
  /** What is meant where no verb is said. */
  verbAlone?: string
}

export type Column = readonly [heading: string, path: string]

export interface Verb {
  /** `PUT /v1/users/{id}/block`; what stands in braces is a word behind the verb. */
  line: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`
  summary: string
  /** Words behind the verb that do not stand in the address: fields of the request. */
  words?: Readonly<Record<string, Flag>>
  flags?: Readonly<Record<string, Flag>>
  /** Other columns than the noun's. */
  columns?: readonly Column[]
  /** Where the row lies in the answer, when it is not the answer itself: `application`. */
  row?: string
  /** What is told once, and printed by itself: a key, a token. */
  secret?: string
  /** The list lies elsewhere than in `data`. */
  list?: string
  /** The answer is a text of its own, such as a file to be kept. */
  isDocument?: true
  /** What has to be known beside the rows of a list; nothing as a rule. */
  notice?(body: unknown): string | undefined
  /** What a table cannot say: several questions, a file, somebody who has to agree. Returns the exit code. */
  run?(connection: Connection, asked: Asked): Promise<number>
}

export interface Flag {
  means: string
  /** `yes` takes no value; `list` is split at commas; `json` is read as JSON. */
  kind?: 'text' | 'number' | 'list' | 'json' | 'yes'
  isRequired?: true
  /** Its name in the request, where that is not the flag's own with `_` for `-`. */
  name?: string
}

/** Flags that every list has. */
export const paging: Record<string, Flag> = {
  limit: { means: 'how many rows of one page, at most 200', kind: 'number' },
  cursor: { means: 'where the page before ended' },
}
