import { mailbox as english } from '../english/mailbox.ts'
import type { Words } from '../words.ts'

/** The development mailbox is for whoever develops; like the documentation it speaks English. */
export const mailbox: Words['mailbox'] = english
