/** Reads what the address of a page holds: whoever writes an address by hand gets a page, whatever they wrote. */

export type RawSearch = Record<string, unknown>

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function oneOf<const Value extends string>(value: unknown, values: readonly Value[]): Value | undefined {
  return values.find((each) => each === value)
}

/** An RFC 3339 time that exists. */
export function moment(value: unknown): string | undefined {
  const said = text(value)
  return said !== undefined && !Number.isNaN(Date.parse(said)) ? said : undefined
}
