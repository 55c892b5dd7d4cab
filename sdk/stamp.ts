/** Which installation a file in the data folder belongs to: one of Demo must never speak for Production (design law 7). */
export interface Stamp {
  environment: string
  /** Null until access has told it. */
  installation_id: string | null
}

/** Tells a person what is wrong, in one sentence that says what to do. */
export type OnProblem = (sentence: string) => void

const APPLICATION_KEY = /^hf_([a-z][a-z0-9-]{0,30})_app_[A-Za-z0-9_-]{43}$/

/** The environment an application key was made in. Throws, without repeating the key, when it is none. */
export function environmentOfKey(key: string): string {
  const environment = APPLICATION_KEY.exec(key)?.[1]
  if (environment) return environment
  throw new Error(
    'holdfast: the application key does not look like hf_<environment>_app_<secret>. Copy it again, whole.',
  )
}

/** Throws when a file was written for another environment: the folder is shared by mistake, and neither may go on. */
export function assertSameEnvironment(file: string, theirs: unknown, ours: string): void {
  if (theirs === ours) return
  throw new Error(
    `holdfast: ${file} belongs to the environment "${String(theirs)}" and the application key to "${ours}". ` +
      'Give each environment a data folder of its own.',
  )
}
