/** Verify Holdfast sessions and evaluate its flags inside your own process, with Holdfast up or down. */
export type { BrowserRequest } from './browser-request.ts'
export * from './contract.ts'
export { createFetchHandler, type FetchHandler, type FetchHandlerOptions } from './fetch.ts'
export {
  FlagDetails,
  type FlagErrorCode,
  type FlagReason,
  FlagRefused,
  type FlagSource,
} from './flags/client/flag-details.ts'
export type { FlagEvents, FlagsChanged } from './flags/client/listeners.ts'
export type { FlagContext, FlagValue } from './flags/definition.ts'
export type { FlagOverride, Flags, FlagsStatus } from './flags-client.ts'
export { flagsFor } from './flags-for.ts'
export { type SignedIn, signInPath } from './guard.ts'
export { Holdfast, type HoldfastOptions, type HoldfastStatus } from './holdfast.ts'
export { createHandler, type NodeHandler, type ProtectOptions, type SignedInListener } from './http.ts'
export {
  type BadProof,
  ProofCache,
  type ProofExpectations,
  type ProofVerdict,
  sessionOfClaims,
  verifyProof,
} from './verify.ts'
export type { UnknownPolicy, Verified, VerifyOptions } from './verify-session.ts'
