import { refusals } from '../../platform/refusal.ts'

export const refuse = refusals('delivery', {
  overloaded: [503, 'More mail is waiting than can be sent. Try again in a minute.'],
  stopping: [503, 'This process is about to end and takes no more mail. Try again.'],
})
