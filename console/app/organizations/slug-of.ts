const SLUG_MAX = 60

/** As access derives it, so that the form shows what will be: `Müller & Söhne` becomes `muller-sohne`. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_MAX)
    .replace(/^-+|-+$/g, '')
}

/** Why this is no short name; undefined: it is one. */
export function slugComplaint(slug: string): string | undefined {
  if (slug.length > SLUG_MAX) return `Use at most ${SLUG_MAX} characters.`
  return /^[a-z0-9](-?[a-z0-9])*$/.test(slug)
    ? undefined
    : 'Use small letters, digits and single hyphens between them, such as acme-labs.'
}
