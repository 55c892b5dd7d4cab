import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const ended: Words['ended'] = {
  title: 'Warum wurde ich abgemeldet?',
  lede: 'Jede Ihrer beendeten Sitzungen, warum sie endete und durch wen. Die neueste zuerst.',
  none: 'In der Zeit, für die sie aufgehoben werden, ist keine Ihrer Sitzungen beendet worden.',
  link: 'Warum wurde ich abgemeldet?',
  byYou: (device) => (device ? `durch Sie, von ${device} aus` : 'durch Sie'),
  byAdministrator: 'durch die Verwaltung',
  byProgram: 'durch ein Programm Ihrer Organisation',
  bySupport: 'durch den Support',
  byItself: 'von selbst',
  unused: (days) =>
    days === 1 ? 'von selbst: einen Tag lang nicht benutzt' : `von selbst: ${days} Tage lang nicht benutzt`,
  began: (at) => html`begonnen ${at}`,
  endedAt: (at) => html`beendet ${at}`,
  unusual: 'Zu dieser Zeit endeten weit mehr Sitzungen als üblich. Die Betreiber können das sehen.',
  unknown: (count) =>
    count === 1
      ? 'Um diese Zeit konnte eine Frage, ob jemand angemeldet ist, nicht beantwortet werden.'
      : `Um diese Zeit konnten ${count} Fragen, ob jemand angemeldet ist, nicht beantwortet werden.`,
  liveTitle: 'Sitzungen, die nicht beendet sind',
  live: 'Wenn Sie sich neu anmelden sollten, obwohl Ihre Sitzung hier steht, wurden Sie nicht abgemeldet: Für einen Augenblick war nicht bekannt, ob Sie angemeldet sind.',
  back: 'Zurück zu Ihrem Konto',
  older: 'Ältere',
}
