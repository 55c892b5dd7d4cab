import { sources } from '../open-store.ts'

/** Of all features. */
export const schemas: readonly string[] = sources.map(({ schema }) => schema)
