/**
 * One clock for all processes of a drill: the kernel's monotonic one. It has the same origin in every process of the
 * machine, so the moment of a fault can be held against what the load process saw, and no clock jump changes a figure.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
