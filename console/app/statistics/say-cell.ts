import { sayNumber } from '../ui/moment.ts'
import type { Cell, Unit } from './frame.ts'

/** `14`, `98.2 %`, `23 s`, `1 min 21 s`; what was not seen is said so. */
export function sayCell(cell: Cell, unit: Unit): string {
  if (cell === 'unknown') return 'not known'
  if (cell === 'nothing') return 'none'
  return sayValue(cell, unit)
}

export function sayValue(value: number, unit: Unit): string {
  if (unit === 'share') return `${(value * 100).toFixed(value === 1 || value === 0 ? 0 : 1)} %`
  if (unit === 'seconds') return saySeconds(value)
  return sayNumber(Math.round(value))
}

function saySeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const rest = whole % 60
  return `${Math.floor(whole / 60)} min${rest > 0 ? ` ${rest} s` : ''}`
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
/** Days are days of UTC on the wire; said in another zone they would slip into the evening before. */
const dayUtc = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const DAY_S = 86_400

/** When a stretch begins, in the reader's zone, as short as its length allows. */
export function sayStretch(atS: number, stepS: number): string {
  const at = new Date(atS * 1000)
  if (stepS >= DAY_S) return dayUtc.format(at)
  return stepS >= 600 ? `${day.format(at)} ${clock.format(at)}` : clock.format(at)
}
