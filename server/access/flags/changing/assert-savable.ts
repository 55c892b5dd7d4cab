import {
  checkDefinition,
  CONTRACT_KEYS,
  type Definition,
  type FlagDefinition,
  type Problem,
} from '../../../../sdk/evaluate.ts'
import { EVALUATORS_MAX, FLAGS_MAX } from '../../../../sdk/flags/snapshot.ts'
import { isKey, type Row } from '../entry.ts'
import { refuse } from '../refusals.ts'
import { fold } from '../sign/next-snapshot-body.ts'
import { changeOf, type Delivered } from './change-of.ts'

const PROBLEMS_SAID = 5

/** Refuses what could not work. What was wrong before, and is not touched, is no reason: nobody could save anything then. */
export function assertSavable(before: Delivered, rows: readonly Row[]): void {
  const bad = rows.filter(({ kind, key }) => kind !== 'set' && !isKey(key))
  if (bad.length > 0) {
    throw refuse('bad_definition', { says: 'A key has 1 to 200 characters, none of them a control character.' })
  }
  const then = fold(before, rows.map(changeOf))
  const flags = Object.keys(then.flags).length
  const evaluators = Object.keys(then.evaluators).length
  if (flags > FLAGS_MAX || evaluators > EVALUATORS_MAX)
    throw refuse('too_many', { flags: FLAGS_MAX, segments: EVALUATORS_MAX })
  const known = new Set(problemsOf(before, rows).map(nameOf))
  const problems = problemsOf(then, rows).filter((problem) => !known.has(nameOf(problem)))
  if (problems.length === 0) return
  const [gone] = rows.filter(({ kind, after }) => kind === 'evaluator' && !after)
  const referring = problems.find(({ code }) => code === 'unknown_ref')
  if (gone && referring) throw refuse('still_referred', { key: gone.key, by: referring.path.split('/')[2] ?? '' })
  const says = problems
    .slice(0, PROBLEMS_SAID)
    .map(({ path, message }) => `${path} ${message}`)
    .join('; ')
  throw refuse('bad_definition', { says, problems })
}

const nameOf = ({ code, path, message }: Problem) => `${code} ${path} ${message}`

/** Of the flags that are touched; of all that refer to a segment, or lean on what the set says of outages, where those are. */
function problemsOf({ flags, evaluators, metadata }: Delivered, rows: readonly Row[]): readonly Problem[] {
  const touched = new Set(rows.filter(({ kind }) => kind === 'flag').map(({ key }) => key))
  const isSegmentTouched = rows.some(({ kind }) => kind === 'evaluator')
  const isSetTouched = rows.some(({ kind }) => kind === 'set')
  const looked = Object.entries(flags).filter(
    ([key, flag]) =>
      touched.has(key) ||
      (isSegmentTouched && JSON.stringify(flag).includes('"$ref"')) ||
      (isSetTouched && hasContract(flag)),
  )
  const definition: Definition = { flags: Object.fromEntries(looked), $evaluators: evaluators, metadata }
  return checkDefinition(definition).problems
}

const hasContract = ({ metadata = {} }: FlagDefinition) => CONTRACT_KEYS.some((name) => Object.hasOwn(metadata, name))
