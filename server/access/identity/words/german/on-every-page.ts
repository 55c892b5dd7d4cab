import type { Words } from '../words.ts'

export const common: Words['common'] = {
  errorTitle: (title) => `Fehler: ${title}`,
  pageTitle: (title, brand) => (title.includes(brand) ? title : `${title} · ${brand}`),
  email: 'E-Mail-Adresse',
  tryAgain: 'Erneut versuchen',
  copy: 'Kopieren',
  copied: 'Kopiert',
  language: 'Sprache',
  support: 'Hilfe',
  privacy: 'Datenschutz',
  terms: 'Nutzungsbedingungen',
  utc: (time) => `${time} UTC`,
  states: { ok: 'In Ordnung', degraded: 'Eingeschränkt', failing: 'Ausgefallen', unknown: 'Nicht bekannt' },
}

export const ago: Words['ago'] = {
  now: 'gerade eben',
  minutes: (count) => `vor ${count}\u00a0Min.`,
  hours: (count) => `vor ${count}\u00a0Std.`,
  days: (count) => (count === 1 ? 'gestern' : `vor ${count}\u00a0Tagen`),
}

export const span: Words['span'] = {
  seconds: (count) => `${count}\u00a0s`,
  minutes: (count) => `${count}\u00a0Min.`,
  hours: (count) => `${count}\u00a0Std.`,
}

export const device: Words['device'] = (browser, system) =>
  browser && system
    ? `${browser} unter ${system}`
    : (browser ?? (system ? `ein Browser unter ${system}` : 'ein unbekannter Browser'))
