import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'

export interface Note {
  id: string
  author: { id: string; name: string }
  text: string
  /** RFC 3339. */
  created_at: string
}

/** A page of paper. */
export const NOTE_CHARACTERS_MAX = 2000
/** For one person. It is one file, and it is written whole. */
const NOTES_PER_PERSON_MAX = 200
const NOTES_MAX = 2000

export type AddNote = { outcome: 'added'; note: Note } | { outcome: 'empty' | 'too-long' | 'full' }

/** The team's notes: in memory, and whole in one file. What is on disk is never half of a change. */
export interface Notebook {
  /** Newest first. */
  all(): readonly Note[]
  add(author: Note['author'], text: string): Promise<AddNote>
  /** Only its author removes a note; somebody else's and none at all are the same. */
  remove(authorId: string, id: string): Promise<boolean>
  removeAllOf(authorId: string): Promise<number>
}

export function openNotebook(folder: string, now: () => number): Notebook {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'notes.json')
  let notes = read(file)
  let writing = Promise.resolve()

  /** Shown only once it is on disk; changes come one after the other. */
  function change(next: (present: readonly Note[]) => Note[]): Promise<void> {
    const changed = writing.then(async () => {
      const after = next(notes)
      await replaceFile(file, JSON.stringify({ notes: after }, undefined, 2))
      notes = after
    })
    writing = changed.catch(() => {})
    return changed
  }

  return {
    all: () => notes,
    async add(author, typed) {
      const text = typed.replace(/\r\n?/g, '\n').trim()
      if (text === '') return { outcome: 'empty' }
      if (text.length > NOTE_CHARACTERS_MAX) return { outcome: 'too-long' }
      const own = notes.filter((note) => note.author.id === author.id).length
      if (own >= NOTES_PER_PERSON_MAX || notes.length >= NOTES_MAX) return { outcome: 'full' }
      const note = { id: randomUUID(), author, text, created_at: new Date(now()).toISOString() }
      await change((present) => [note, ...present])
      return { outcome: 'added', note }
    },
    async remove(authorId, id) {
      const isTheirs = (note: Note) => note.id === id && note.author.id === authorId
      if (!notes.some(isTheirs)) return false
      await change((present) => present.filter((note) => !isTheirs(note)))
      return true
    },
    async removeAllOf(authorId) {
      const count = notes.filter((note) => note.author.id === authorId).length
      if (count > 0) await change((present) => present.filter((note) => note.author.id !== authorId))
      return count
    },
  }
}

function read(file: string): Note[] {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { notes: Note[] }).notes
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    // People's notes: nothing is written over what could not be read.
    throw new Error(`${file} cannot be read: ${(error as Error).message}. Mend it, or move it away.`, { cause: error })
  }
}

async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.${process.pid}.new`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}
