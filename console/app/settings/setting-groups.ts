import type { Setting } from '../api/wire/installation.ts'

/** Settings that begin alike belong together; those that stand alone are of the installation. */
export function groupsOf(settings: readonly Setting[]): { name: string; settings: Setting[] }[] {
  const groups = Map.groupBy(settings, firstWord)
  const alone = [...groups].filter(([, those]) => those.length === 1).flatMap(([, those]) => those)
  const together = [...groups].filter(([, those]) => those.length > 1)
  return [
    ...(alone.length > 0 ? [{ name: 'Installation', settings: alone }] : []),
    ...together.map(([word, those]) => ({ name: sayWord(word), settings: those })),
  ]
}

/** `HOLDFAST_MAIL_FROM` begins with MAIL. */
function firstWord({ variable }: Setting): string {
  return variable.replace(/^HOLDFAST_/, '').split('_')[0] ?? variable
}

const words: Record<string, string> = {
  HSTS: 'HSTS',
  S3: 'S3',
  TLS: 'TLS',
  SDK: 'SDK',
  URL: 'URL',
  DATABASE: 'Database',
}

function sayWord(word: string): string {
  return words[word] ?? word.charAt(0) + word.slice(1).toLowerCase()
}
