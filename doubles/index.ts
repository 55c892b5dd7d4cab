export {
  type Certificate,
  type CertificateAuthority,
  type CertificateOptions,
  makeCertificateAuthority,
} from './certificates.ts'
export { type Mail, type Mailbox, type MailboxBehaviour, startMailbox } from './mailbox.ts'
export { type ObjectStore, type ObjectStoreOptions, startObjectStore } from './object-store.ts'
export {
  type FixedAnswer,
  type Flap,
  startToxicProxy,
  type Toxic,
  type ToxicProxy,
  type ToxicProxyOptions,
} from './toxic-proxy.ts'
