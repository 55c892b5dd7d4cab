import { sayDuration } from '../ui/moment.ts'

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** `304 MiB`, `1.4 GiB`. */
export function sayBytes(bytes: number): string {
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`
}

/** `4.2 s`, `47 s`, `12 min`. */
export function saySpan(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : sayDuration(seconds * 1000)
}
