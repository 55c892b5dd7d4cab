import {
  type Call,
  type Compiler,
  constantPart,
  eager,
  join,
  joinUnfixed,
  NOT_A_LIST,
  type Operator,
  type Part,
  type Run,
} from '../rule.ts'

/** What flagd adds to every context, and no caller can forge. */
const OF_FLAGD = '$flagd'

/**
 * `{"var": "plan"}`, `{"var": "organisation.plan"}`, `{"var": ["plan", "free"]}`. Only own properties are read: what a
 * prototype brings (`constructor`, `__proto__`) was not told by the caller.
 */
function readVar(written: unknown, compiler: Compiler): Part {
  const [path, otherwise, ...rest] = Array.isArray(written) ? written : [written]
  const fallback = compiler.part(otherwise ?? null, 1)
  if (typeof path === 'object' && path !== null) {
    noteRead([], compiler)
    return ofData(
      join([compiler.part(path, 0), fallback], compiler, ([key, ready]) => computedVar(key!, ready!, compiler)),
    )
  }
  if (path === null || path === undefined || path === '') {
    noteRead([], compiler)
    return ofData({ ...fallback, run: wholeOf(compiler) })
  }
  const segments = splitPath(String(path))
  noteRead(segments, compiler)
  // With a third argument flagd leaves a null as it is.
  const keepsNull = rest.length > 0
  return ofData(join([fallback], compiler, ([ready]) => plainVar(segments, ready!, keepsNull, compiler)))
}

/** What depends on the data: fixed only as the body over a list that is. */
const ofData = (part: Part): Part => ({ run: part.run, isFixed: false, isFixedInside: true })

function plainVar(segments: readonly string[], fallback: Part, keepsNull: boolean, compiler: Compiler): Run {
  const { isInside } = compiler
  if (!isInside && segments[0] === OF_FLAGD) return flagdVar(segments, fallback, compiler.flagKey)
  const hasFallback = keepsNull || fallback.constant?.value !== null
  const [name] = segments
  if (segments.length === 1 && !isInside && !hasFallback && !isInherited(name!)) {
    return attribute(name!)
  }
  return deepVar(segments, fallback, keepsNull)
}

/** By far the most of what is read. */
function attribute(name: string): Run {
  return (data) => {
    const value = (data as Record<string, unknown>)[name]
    return value === undefined || typeof value === 'function' ? null : value
  }
}

function deepVar(segments: readonly string[], fallback: Part, keepsNull: boolean): Run {
  return (data, call) => {
    const found = descend(data, segments)
    const value = found === undefined || (found === null && !keepsNull) ? fallback.run(data, call) : found
    return typeof value === 'function' ? null : value
  }
}

function flagdVar(segments: readonly string[], fallback: Part, flagKey: string): Run {
  if (segments.length === 2 && segments[1] === 'timestamp') return (_data, call) => secondsOf(call)
  if (segments.length === 2 && segments[1] === 'flagKey') return () => flagKey
  return (data, call) => descend(ofFlagd(flagKey, call), segments) ?? fallback.run(data, call)
}

/** The path is known only now; so it may lead anywhere. flagd keeps a null here. */
function computedVar(path: Part, fallback: Part, compiler: Compiler): Run {
  const whole = wholeOf(compiler)
  return (data, call) => {
    const key = path.run(data, call)
    const all = whole(data, call)
    if (key === null || key === undefined || key === '') return all
    const found = descend(all, splitPath(String(key)))
    const value = found === undefined ? fallback.run(data, call) : found
    return typeof value === 'function' ? null : value
  }
}

/** All there is to read: the element, or the context with what flagd adds. */
function wholeOf(compiler: Compiler): Run {
  if (compiler.isInside) return (data) => (typeof data === 'function' ? null : data)
  const { flagKey } = compiler
  return (data, call) => ({ ...(data as object), ...ofFlagd(flagKey, call) })
}

const secondsOf = (call: Call) => Math.floor(call.nowMs / 1000)
const ofFlagd = (flagKey: string, call: Call) => ({ [OF_FLAGD]: { flagKey, timestamp: secondsOf(call) } })

/** No segments: it may read anything, the time too. */
function noteRead(segments: readonly string[], compiler: Compiler): void {
  if (compiler.isInside) return
  if (segments[0] !== OF_FLAGD) compiler.reads(segments[0] ?? '')
  if (segments.length === 0 || (segments[0] === OF_FLAGD && segments[1] !== 'flagKey')) compiler.readsTime()
}

/** Dots separate; a backslash before a dot, a slash or another backslash takes its meaning away. */
export function splitPath(path: string): readonly string[] {
  if (!path.includes('\\')) return path === '.' ? [''] : path.split('.')
  const segments: string[] = []
  let current = ''
  for (let index = 0; index < path.length; index += 1) {
    const next = path[index + 1]
    if (path[index] === '\\' && (next === '.' || next === '/' || next === '\\')) {
      current += next
      index += 1
    } else if (path[index] === '.') {
      segments.push(current)
      current = ''
    } else current += path[index]
  }
  return [...segments, current]
}

/** undefined: it is not there. */
function descend(from: unknown, segments: readonly string[]): unknown {
  let value = from
  for (const name of segments) {
    if (value === null || value === undefined) return undefined
    value = isInherited(name) && !Object.hasOwn(value, name) ? undefined : (value as Record<string, unknown>)[name]
  }
  return value
}

/** Names that an object has without having been given them. Looked up, because an app may add to its prototypes. */
function isInherited(name: string): boolean {
  return name in Object.prototype || name in Array.prototype || name in String.prototype || name in Number.prototype
}

/** The names that lead nowhere. A null is somebody's answer; below anything falsy there is nothing. */
function missingOf(names: readonly unknown[], data: unknown): unknown[] {
  return names.filter((name) => {
    let value = data
    if (name === '') return false
    for (const segment of splitPath(String(name))) {
      if (!value) return true
      value = descend(value, [segment])
      if (value === undefined) return true
    }
    return false
  })
}

const missing: Operator = (written, compiler) => {
  if (Array.isArray(written) && written.length === 0) return constantPart([])
  noteMissing(written, compiler)
  const whole = wholeOf(compiler)
  return eager((names, call, data) => missingOf(names, whole(data, call)), joinUnfixed)(written, compiler)
}

const missingSome: Operator = (written, compiler) => {
  if (Array.isArray(written)) noteMissing(written[1], compiler)
  const whole = wholeOf(compiler)
  const some: Parameters<typeof eager>[0] = ([least, names], call, data) => {
    if (!Array.isArray(names)) throw NOT_A_LIST
    const gone = missingOf(names, whole(data, call))
    return names.length - gone.length >= Number(least) ? [] : gone
  }
  return eager(some, joinUnfixed)(written, compiler)
}

function noteMissing(names: unknown, compiler: Compiler): void {
  for (const name of Array.isArray(names) ? names : [names]) {
    noteRead(typeof name === 'string' ? splitPath(name) : [], compiler)
  }
}

export const reading: Record<string, Operator> = { var: readVar, missing, missing_some: missingSome }
