import type { Lane } from './message.ts'

/** Waiting messages in all. At 20 kB a mail this is 20 MB, and more than servers that are well ever leave waiting. */
export const QUEUE_MAX = 1000
/** Notices may not take the room of those who wait in front of a page. */
export const NOTICES_MAX = 500
/** Conversations at a time. Mail servers begin to refuse a client above some tens. */
export const SENDING_MAX = 16
export const NOTICES_SENDING_MAX = 4

/** Who is next, and how many may be. Pure bookkeeping; whoever takes a message gives its place back by `release`. */
export function openQueue<Item extends { lane: Lane }>() {
  const waiting: Record<Lane, Item[]> = { urgent: [], notice: [] }
  const sending: Record<Lane, number> = { urgent: 0, notice: 0 }
  /** Between two attempts a message waits outside the lanes, and still needs its room. */
  const resting: Record<Lane, number> = { urgent: 0, notice: 0 }
  const held = (lane: Lane) => waiting[lane].length + resting[lane]

  return {
    hasRoomFor(lane: Lane): boolean {
      if (lane === 'notice' && held('notice') >= NOTICES_MAX) return false
      return held('urgent') + held('notice') < QUEUE_MAX
    },
    add(item: Item): void {
      waiting[item.lane].push(item)
    },
    /** Urgent first; undefined when nothing waits or nothing more may be under way. */
    take(): Item | undefined {
      if (sending.urgent + sending.notice >= SENDING_MAX) return undefined
      const lane = waiting.urgent.length > 0 ? 'urgent' : 'notice'
      if (lane === 'notice' && sending.notice >= NOTICES_SENDING_MAX) return undefined
      const item = waiting[lane].shift()
      if (item) sending[lane]++
      return item
    },
    release(item: Item): void {
      sending[item.lane]--
    },
    rest(item: Item): void {
      resting[item.lane]++
    },
    wake(item: Item): void {
      resting[item.lane]--
      waiting[item.lane].push(item)
    },
    /** Empties the lanes, for the end. */
    drop(): Item[] {
      return [...waiting.urgent.splice(0), ...waiting.notice.splice(0)]
    },
    figures: () => ({ waiting: held('urgent') + held('notice'), sending: sending.urgent + sending.notice }),
  }
}
