export { type Mail, type Mailbox, type MailboxBehaviour, startMailbox } from './mailbox.ts'
export { type ObjectStore, type ObjectStoreOptions, startObjectStore } from './object-store.ts'
