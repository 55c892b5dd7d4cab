// A door of its own: nobody who wants a mailbox loads a whole provider.

export { sendOrder } from './control.ts'
export {
  type Answer,
  type Behaviour,
  invalidGrant,
  keysEmpty,
  type Lie,
  lies,
  type Order,
  type Person,
  type ProviderSettings,
  type RelyingParty,
  type Standing,
  tooManyRequests,
} from './settings.ts'
export { type OidcProvider, startOidcProvider } from './start-provider.ts'
export { walkThrough } from './walk-through.ts'
