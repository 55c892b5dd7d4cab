export const common = {
  errorTitle: (title: string) => `Error: ${title}`,
  pageTitle: (title: string, brand: string) => (title.includes(brand) ? title : `${title} · ${brand}`),
  email: 'E-mail',
  tryAgain: 'Try again',
  copy: 'Copy',
  copied: 'Copied',
  /** The language switch, for those who hear it. */
  language: 'Language',
  support: 'Support',
  privacy: 'Privacy',
  terms: 'Terms of use',
  utc: (time: string) => `${time} UTC`,
  /** The word that stands beside each mark: state is never told by colour alone. */
  states: { ok: 'Working', degraded: 'Degraded', failing: 'Failing', unknown: 'Not known' },
}

export const ago = {
  now: 'just now',
  minutes: (count: number) => `${count} min ago`,
  hours: (count: number) => `${count} h ago`,
  days: (count: number) => (count === 1 ? 'yesterday' : `${count} days ago`),
}

export const span = {
  seconds: (count: number) => `${count} s`,
  minutes: (count: number) => `${count} min`,
  hours: (count: number) => `${count} h`,
}

/** `Chrome on Windows`; both may be missing. */
export const device = (browser: string | null, system: string | null) =>
  browser && system
    ? `${browser} on ${system}`
    : (browser ?? (system ? `a browser on ${system}` : 'an unknown browser'))
