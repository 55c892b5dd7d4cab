/** What a store says of itself at one moment: the counters that prove or disprove a fault. */
export interface StoreSeen {
  /** Writes refused because memory is full, since the server's start: `errorstat_OOM`. */
  refusedWrites: number
  evictedKeys: number
  expiredKeys: number
  flushes: number
  usedMemory: number
  maxMemory: number
  policy: string
  processId: number
  /** DBSIZE. Keys that have run out and are not yet reclaimed are among them. */
  keys: number
}

/** `INFO` as lines of `name:value`; a counter that is not there has counted nothing yet. */
export function readInfo(text: string, keys: number): StoreSeen {
  const lines = new Map(
    text.split(/\r?\n/).flatMap((line): [string, string][] => {
      const at = line.indexOf(':')
      return at < 0 || line.startsWith('#') ? [] : [[line.slice(0, at), line.slice(at + 1)]]
    }),
  )
  const number = (name: string) => Number(lines.get(name) ?? 0)
  return {
    refusedWrites: part(lines.get('errorstat_OOM'), 'count'),
    evictedKeys: number('evicted_keys'),
    expiredKeys: number('expired_keys'),
    flushes: part(lines.get('cmdstat_flushall'), 'calls'),
    usedMemory: number('used_memory'),
    maxMemory: number('maxmemory'),
    policy: lines.get('maxmemory_policy') ?? 'unknown',
    processId: number('process_id'),
    keys,
  }
}

/** `count=12,other=3`: one part of it. */
function part(value: string | undefined, name: string): number {
  const found = value?.split(',').find((one) => one.startsWith(`${name}=`))
  return found ? Number(found.slice(name.length + 1)) : 0
}
