export { type Answered, ASK_MS, type Asked, type Egress, openEgress } from './egress.ts'
export { EgressFault, type Fault, faultOf, faults } from './fault.ts'
export { type FetchOptions, fetchThrough, toResponse } from './fetch-through.ts'
export { CLOCK_SKEW_MAX_MS, judgeAnswer, judgeClock, readJson } from './read-json.ts'
