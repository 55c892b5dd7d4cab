import { seededRandom } from './random.ts'

/** Of so many subjects each in turn and in an order of its own, so that none is forgotten and none has a rhythm. */
export function picker(count: number, seed: number): () => number {
  const random = seededRandom(seed ^ 0x5e55)
  const order = Array.from({ length: count }, (_, index) => index)
  let at = order.length
  return () => {
    if (at === order.length) {
      at = 0
      for (let last = order.length - 1; last > 0; last--) {
        const other = Math.floor(random() * (last + 1))
        ;[order[last], order[other]] = [order[other]!, order[last]!]
      }
    }
    return order[at++]!
  }
}
