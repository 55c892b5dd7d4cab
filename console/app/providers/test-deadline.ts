/** Longer than all steps of a test may take together; what is changed of an enabled provider is tested first. */
export const TEST_DEADLINE_MS = 30_000
