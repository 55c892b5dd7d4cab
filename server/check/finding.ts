/** One thing that was looked at. `degraded` is unsafe and works; `unknown` could not be seen, and is not green. */
export interface Finding {
  /** Two or three words: what was looked at. */
  name: string
  state: 'ok' | 'degraded' | 'failing' | 'unknown'
  /** A sentence: what is. */
  says: string
  /** What to do; absent when all is well. */
  advice?: string
}

export const ok = (name: string, says: string): Finding => ({ name, state: 'ok', says })
export const degraded = (name: string, says: string, advice: string): Finding => ({
  name,
  state: 'degraded',
  says,
  advice,
})
export const failing = (name: string, says: string, advice: string): Finding => ({
  name,
  state: 'failing',
  says,
  advice,
})
export const unknown = (name: string, says: string, advice: string): Finding => ({
  name,
  state: 'unknown',
  says,
  advice,
})
