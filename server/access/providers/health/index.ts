export type { Ask, Target } from './probe.ts'
export { type Standing, standingOf } from './standing.ts'
export { type Health, type OpenHealthParts, openHealth } from './open-health.ts'
