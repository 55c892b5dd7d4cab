/** Three digits that mean something: a run on another day differs in the third. */
export function digits(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(3))
}
