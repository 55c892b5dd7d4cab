import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const unavailable: Words['unavailable'] = {
  title: {
    sign_in: 'Die Anmeldung muss einen Augenblick warten',
    account: 'Ihr Konto kann im Augenblick nicht gezeigt werden',
    sign_out: 'Die Abmeldung muss einen Augenblick warten',
    enrol: 'Die Einrichtung muss einen Augenblick warten',
  },
  cause: {
    database: (since) =>
      since ? html`Die Datenbank antwortet seit ${since} nicht.` : html`Die Datenbank antwortet nicht.`,
    mail: (since) =>
      since
        ? html`Seit ${since} konnte keine E-Mail verschickt werden.`
        : html`Es kann keine E-Mail verschickt werden.`,
    overloaded: (since) =>
      since
        ? html`Seit ${since} melden sich mehr Menschen an, als bedient werden können.`
        : html`Es melden sich mehr Menschen an, als bedient werden können.`,
  },
  reassurance: 'Niemand wird dadurch abgemeldet: Wo Sie angemeldet sind, bleiben Sie es.',
  kept: 'Ihre Eingabe bleibt erhalten.',
  retries: (seconds) => `Diese Seite versucht es alle ${seconds} von selbst wieder.`,
  now: 'Jetzt erneut versuchen',
}

export const tooMany: Words['tooMany'] = {
  title: {
    mails: 'Zu viele E-Mails an diese Adresse',
    codes: 'Zu viele Codes ausprobiert',
    requests: 'Zu viele Anfragen aus Ihrem Netz',
  },
  detail: {
    mails:
      'An eine Adresse gehen nur wenige E-Mails in der Stunde, damit niemand sie überfluten kann. Nehmen Sie die neueste E-Mail, die Sie haben: Der Code darin gilt vielleicht noch.',
    codes: 'Nach mehreren falschen Codes werden weitere gebremst, damit niemand sie erraten kann.',
    requests: 'Viele Anfragen von einem Ort werden gebremst, damit niemand Codes erraten kann.',
  },
  at: (time, span) => html`Versuchen Sie es um ${time} wieder (in ${span}). Nichts ist gesperrt.`,
  again: 'Zurück zur Anmeldung',
}

export const refusals: Words['refusals'] = {
  notFoundTitle: 'Diese Seite gibt es nicht',
  notFound:
    'Die Adresse wurde vielleicht abgeschnitten oder falsch eingegeben. Beginnen Sie noch einmal in der Anwendung, aus der Sie kommen.',
  returnToTitle: 'Diese Anmeldung würde zu einer Adresse führen, die nicht eingetragen ist',
  returnTo: (target) =>
    target
      ? html`Sie sollte zu <code>${target}</code> weiterführen. Beginnen Sie noch einmal in der Anwendung, aus der Sie kommen.`
      : html`Beginnen Sie noch einmal in der Anwendung, aus der Sie kommen.`,
  crossSiteTitle: 'Diese Anfrage kam von einer anderen Website',
  crossSite:
    'Sie wurde abgelehnt, und nichts wurde geändert. Öffnen Sie die Seite hier und drücken Sie den Knopf noch einmal.',
  forbiddenTitle: 'Dieses Konto darf das nicht',
  forbidden: 'Dazu braucht es das Recht, diese Installation zu verwalten.',
  toSignIn: 'Zur Anmeldung',
  code: 'Für den Support',
}
