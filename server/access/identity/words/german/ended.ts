import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const ended: Words['ended'] = {
  title: 'Warum wurde ich abgemeldet?',
  lede: 'Ihre beendeten Sitzungen, die neueste zuerst: warum sie endeten und durch wen.',
  none: 'In dem Zeitraum, für den sie aufbewahrt werden, ist keine Ihrer Sitzungen beendet worden.',
  link: 'Warum wurde ich abgemeldet?',
  byYou: (device) => (device ? `Durch Sie, in ${device}` : 'Durch Sie'),
  byAdministrator: 'Durch die Administration',
  byProgram: 'Durch ein Programm Ihrer Organisation',
  bySupport: 'Durch den Support',
  unused: (days) => (days === 1 ? 'Einen Tag lang nicht benutzt' : `${days}\u00a0Tage lang nicht benutzt`),
  began: (at) => html`Begonnen: ${at}`,
  endedAt: (at) => html`Beendet: ${at}`,
  unusual: 'Zu dieser Zeit endeten weit mehr Sitzungen als üblich. Die Betreiber können das sehen.',
  unknown: (count) =>
    count === 1
      ? 'Um diese Zeit ließ sich einmal nicht feststellen, ob jemand angemeldet ist.'
      : `Um diese Zeit ließ sich ${count}-mal nicht feststellen, ob jemand angemeldet ist.`,
  liveTitle: 'Sitzungen, die nicht beendet sind',
  live: 'Wenn eine Anwendung Sie um eine neue Anmeldung gebeten hat, obwohl Ihre Sitzung hier steht, wurden Sie nicht abgemeldet: Einen Augenblick lang war nicht bekannt, ob Sie angemeldet sind.',
  older: 'Ältere anzeigen',
}
