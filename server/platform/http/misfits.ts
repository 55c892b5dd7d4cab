/** One way in which a request does not fit its shape, as the validator says it. */
export interface Misfit {
  keyword?: string
  instancePath: string
  message?: string
  params?: Readonly<Record<string, unknown>>
}

/** Of a long list of allowed words the first say what kind they are. */
const WORDS_MAX = 20

/**
 * What does not fit, place by place, as somebody can act upon it: of a choice the words that may stand there, once, instead of
 * a complaint for each. Says what our own shapes hold and never what was sent.
 */
export function readMisfits(validation: readonly Misfit[], context: string): { at: string; says: string }[] {
  const told = new Map<string, { at: string; says: string }>()
  for (const misfit of validation) {
    const says = wordsAt(validation, misfit.instancePath) ?? saysOf(validation, misfit)
    if (says === undefined) continue
    const at = `${context}${misfit.instancePath}`
    told.set(`${at} ${says}`, { at, says })
  }
  return [...told.values()]
}

/** Undefined: something else at this place or below it says more. */
function saysOf(validation: readonly Misfit[], misfit: Misfit): string | undefined {
  const { instancePath, keyword, message = 'is not valid' } = misfit
  const isBelow = validation.some((other) => other.instancePath.startsWith(`${instancePath}/`))
  const isBeside = validation.some((other) => other !== misfit && other.instancePath === instancePath)
  if (keyword === 'anyOf' && (isBelow || isBeside)) return undefined
  // The other half of “or null”.
  if (misfit.params?.type === 'null' && (isBelow || isBeside)) return undefined
  // A pattern is for programs; what else is wrong there is a sentence.
  if (keyword === 'pattern' && isBeside) return undefined
  return message
}

function wordsAt(validation: readonly Misfit[], path: string): string | undefined {
  const here = validation.filter((other) => other.instancePath === path)
  const isChoice = here.every(
    ({ keyword, params }) => isWord(keyword) || keyword === 'anyOf' || params?.type === 'null',
  )
  const words = here.flatMap(({ keyword, params }) => {
    if (keyword === 'const') return [params?.allowedValue]
    return keyword === 'enum' && Array.isArray(params?.allowedValues) ? params.allowedValues : []
  })
  if (!isChoice || words.length === 0) return undefined
  const shown = words.slice(0, WORDS_MAX).map(String)
  const more = words.length > WORDS_MAX ? ' or another such word' : ''
  return shown.length === 1 && !more ? `must be ${shown[0]}` : `must be one of ${shown.join(', ')}${more}`
}

const isWord = (keyword: string | undefined) => keyword === 'const' || keyword === 'enum'
