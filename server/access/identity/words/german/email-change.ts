import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const emailChange: Words['emailChange'] = {
  title: 'E-Mail-Adresse ändern',
  lede: (email) => html`Zurzeit ist es <strong>${email}</strong>. Dorthin gehen Codes und Links für die Anmeldung.`,
  label: 'Neue E-Mail-Adresse',
  hint: 'Wir schicken einen Code dorthin, damit klar ist, dass Sie sie lesen. Bis Sie ihn eingeben, ändert sich nichts.',
  send: 'Code senden',
  same: 'Das ist bereits Ihre Adresse.',
  changed: 'Geändert. Alle anderen Sitzungen wurden beendet, und beide Adressen erhalten eine Mail darüber.',
  codeTitle: 'Code eingeben',
  codeLede: (email) =>
    html`Wir haben eine Mail mit einem Code an <strong>${email}</strong> geschickt. Lassen Sie diese Seite offen.`,
  codeLabel: 'Code',
  until: (at) => html`Er gilt bis ${at}, nur in diesem Browser.`,
  confirm: 'Adresse ändern',
  another: 'Andere Adresse verwenden',
  again: 'Neuen Code anfordern',
  errors: {
    wrong: 'Dieser Code stimmt nicht. Nehmen Sie den aus der neuesten Mail.',
    malformed: 'Ein Code hat sechs Ziffern.',
    expired: 'Dieser Code gilt nicht mehr. Fordern Sie einen neuen an.',
    spent: 'Es wurden zu viele falsche Codes eingegeben. Fordern Sie einen neuen an.',
  },
  attempts: (left) => (left === 1 ? 'Ein Versuch bleibt.' : `Es bleiben ${left}\u00a0Versuche.`),
  proveTitle: 'Diese Adresse für Ihr Konto verwenden?',
  proveLede: (email) =>
    html`<strong>${email}</strong> wird die Adresse des Kontos. Codes und Links für die Anmeldung gehen dorthin, und alle Sitzungen des Kontos enden.`,
  prove: 'Diese Adresse verwenden',
  proven: 'Die Adresse wurde geändert',
  provenLede: (email) => html`Ab jetzt melden Sie sich mit <strong>${email}</strong> an.`,
  undoTitle: 'Die alte Adresse wieder einsetzen?',
  undoLede: (email) =>
    html`Das Konto erhält <strong>${email}</strong> als Adresse zurück, und alle seine Sitzungen enden: Wer angemeldet ist, wird abgemeldet. Auch eine inzwischen verlangte Löschung wird zurückgenommen.`,
  undo: 'Das war ich nicht: wieder einsetzen',
  undone: 'Die alte Adresse gilt wieder',
  undoneLede: (email) =>
    html`Melden Sie sich mit <strong>${email}</strong> an. Sehen Sie dann Ihr Profil an und sichern Sie Ihr Postfach: Wer Ihre Mails liest, kann sich anmelden.`,
  signIn: 'Zur Anmeldung',
  spentTitle: 'Dieser Link gilt nicht mehr',
  spent:
    'Er wurde benutzt, ist abgelaufen, oder eine neuere Änderung ist an seine Stelle getreten. Es wurde nichts geändert. Wenn jemand anderes Ihr Konto benutzt, schreiben Sie an die Betreiber.',
  mails: {
    code: {
      subject: (code, brand) => `${code} ist Ihr Code für Ihre neue Adresse bei ${brand}`,
      title: 'Ihre neue E-Mail-Adresse',
      what: (brand, email) =>
        `${email} soll die Adresse eines Kontos bei ${brand} werden. Geben Sie diesen Code auf der Seite ein, auf der Sie ihn angefordert haben:`,
      until: (time) => `Er gilt einmal, bis ${time}.`,
      notYou:
        'Waren Sie das nicht, ist nichts zu tun: Ohne den Code ändert sich nichts. Wir fragen nie nach einem Code.',
    },
    link: {
      subject: (brand) => `Bestätigen Sie Ihre neue Adresse bei ${brand}`,
      title: 'Ihre neue E-Mail-Adresse',
      what: (brand, email) => `${email} soll die Adresse Ihres Kontos bei ${brand} werden; darum wurde gebeten.`,
      button: 'Adresse bestätigen',
      until: (time) => `Der Link gilt einmal, bis ${time}.`,
      notYou: 'Wissen Sie davon nichts, ist nichts zu tun: Es ändert sich nichts.',
    },
    taken: {
      subject: (brand) => `Sie haben schon ein Konto bei ${brand}`,
      title: 'Sie haben schon ein Konto',
      what: (brand, email) =>
        `${email} sollte die Adresse eines anderen Kontos bei ${brand} werden. Das geht nicht: Zu dieser Adresse gibt es schon ein Konto.`,
      next: 'Waren Sie das, melden Sie sich mit dieser Adresse an, oder löschen Sie zuerst jenes Konto.',
      button: 'Anmelden',
      notYou: 'Waren Sie das nicht, ist nichts zu tun. Wer gefragt hat, erfuhr nicht, dass Sie ein Konto haben.',
    },
    asked: {
      subject: (brand) => `Ihre Adresse bei ${brand} soll geändert werden`,
      title: 'Ihre Adresse soll geändert werden',
      what: (brand, email) =>
        `Die Betreiber von ${brand} wurden gebeten, ${email} für Ihr Konto durch eine andere Adresse zu ersetzen. Das geschieht, sobald die neue bestätigt ist.`,
      wasYou: 'Haben Sie darum gebeten, ist nichts zu tun.',
      notYou: 'Wenn nicht, lehnen Sie es hier ab. Dabei enden alle Sitzungen Ihres Kontos.',
      button: 'Das war ich nicht',
    },
    changed: {
      subject: (brand) => `Ihre Adresse bei ${brand} wurde geändert`,
      title: 'Ihre Adresse wurde geändert',
      what: (brand, email) =>
        `${email} ist nicht mehr die Adresse Ihres Kontos bei ${brand}. Damit anmelden können Sie sich nicht mehr.`,
      wasYou: 'Waren Sie das, ist nichts zu tun.',
      notYou: (time) =>
        `Wenn nicht, setzen Sie die alte Adresse bis ${time} wieder ein: ohne Anmeldung, und alle werden abgemeldet.`,
      button: 'Das war ich nicht: wieder einsetzen',
    },
    arrived: {
      subject: (brand) => `Das ist jetzt Ihre Adresse bei ${brand}`,
      title: 'Das ist jetzt Ihre Adresse',
      what: (brand, email) => `Ab jetzt melden Sie sich bei ${brand} mit ${email} an.`,
      button: 'Zum Konto',
    },
    undone: {
      subject: (brand) => `Ihre alte Adresse bei ${brand} gilt wieder`,
      title: 'Ihre alte Adresse gilt wieder',
      what: (brand, email) =>
        `${email} ist wieder die Adresse Ihres Kontos bei ${brand}. Alle Sitzungen wurden beendet.`,
      next: 'Melden Sie sich an, sehen Sie Ihr Profil an und sichern Sie Ihr Postfach: Wer Ihre Mails liest, kann sich anmelden.',
      button: 'Anmelden',
    },
  },
}
