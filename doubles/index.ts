export { type Mail, type Mailbox, type MailboxBehaviour, startMailbox } from './mailbox.ts'
