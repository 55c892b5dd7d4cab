import type { Eraser } from './tombstones.ts'

/** What a feature holds about a person, complete, or cut at a limit that it names itself. */
export type Exporter = (userId: string) => Promise<unknown>

/** What other features know and hold of people; handed in by the wiring, because identity does not know them. */
export interface People {
  /** By the word under which it stands in an export. */
  exporters: Readonly<Record<string, Exporter>>
  erasers: Readonly<Record<string, Eraser>>
}
