import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const federation: Words['federation'] = {
  continueWith: (provider) => `Weiter mit ${provider}`,
  or: 'oder',
  title: (provider) => `Anmelden mit ${provider}`,
  domain: (domain, provider) => html`Adressen von <strong>${domain}</strong> melden sich mit ${provider} an.`,
  lede: (provider) => `Sie melden sich bei ${provider} an und kommen hierher zurück.`,
  otherWays: 'Andere Wege',
  sendCode: (email) => html`Code an ${email} senden`,
  byMail: 'Code per E-Mail',
  anyway: (provider) => `${provider} trotzdem versuchen`,
  another: 'Andere Adresse verwenden',
  checkingTitle: (provider) => `${provider} antwortet nicht`,
  checking: (provider) =>
    `${provider} hat gerade nicht geantwortet; Sie wurden deshalb nicht dorthin geschickt. Wenn Sie können, nehmen Sie unten einen anderen Weg.`,
  looksAgain: (seconds) => `Diese Seite sieht von selbst alle ${seconds} wieder nach.`,
  openTitle: (provider) => `${provider} ist ausgefallen`,
  open: (provider, since) => html`Die Anmeldung mit ${provider} ist seit ${since} ausgefallen.`,
  openWays:
    'Melden Sie sich auf einem anderen Weg an: Sie kommen in dasselbe Konto. Wo Sie angemeldet sind, bleiben Sie es.',
  unknownTitle: (provider) => `Ob ${provider} erreichbar ist, ist nicht bekannt`,
  unknown: (provider, since) =>
    html`Seit ${since} ist nicht bekannt, ob es an ${provider} liegt oder an unserem eigenen Netz.`,
  limited: (provider) =>
    `${provider} wird gerade öfter gefragt, als es uns erlaubt. Ihre Anmeldung dort kann im letzten Schritt scheitern: Nehmen Sie einen anderen Weg, wenn Sie einen haben, oder machen Sie weiter und versuchen es noch einmal.`,
  recovering: (provider, since) =>
    html`Die Anmeldung mit ${provider} war seit ${since} ausgefallen. ${provider} antwortet wieder und wird noch eine Weile beobachtet.`,
  downShort: (provider, since) =>
    html`Die Anmeldung mit ${provider} ist seit ${since} ausgefallen. Senden Sie sich stattdessen einen Code.`,
  goingTitle: (provider) => `Weiter zu ${provider}`,
  going: (provider) => `Sie werden zu ${provider} geleitet. Wenn nichts geschieht, drücken Sie die Schaltfläche.`,
  failedTitle: (provider) => `${provider} hat Sie nicht angemeldet`,
  denied: (provider) =>
    `Die Anmeldung bei ${provider} wurde abgebrochen oder von ${provider} abgelehnt. Hier hat sich nichts geändert.`,
  refused: (provider) =>
    `Was ${provider} über Sie gesagt hat, ist so nicht vertrauenswürdig und wurde nicht übernommen. Beginnen Sie noch einmal; geschieht es wieder, sagen Sie dem Support Bescheid.`,
  notFresh: (provider) =>
    `${provider} hat Sie nicht noch einmal um die Anmeldung gebeten oder sagt nicht, dass es so war. Bestätigen Sie auf einem anderen Weg, dass Sie es sind.`,
  unreachable: (provider) =>
    `Sie sind von ${provider} zurück, aber ${provider} bestätigt im Moment nicht, wer Sie sind. Versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg.`,
  busy: (provider) =>
    `Gerade kommen so viele von ${provider} zurück, dass Ihre Anmeldung einige Sekunden warten muss. Nichts ist verloren: Drücken Sie die Schaltfläche.`,
  again: 'Noch einmal beginnen',
  onceMore: 'Weiter anmelden',
  arrival: {
    title: 'Welche Adresse gehört Ihnen?',
    lede: (provider) =>
      `${provider} hat gesagt, wer Sie sind. Geben Sie Ihre Adresse ein; dorthin geht ein Code, damit niemand sonst sie benutzen kann.`,
    send: 'Code senden',
    why: (provider) =>
      `Mit dem Code wird Ihre Anmeldung mit ${provider} mit dem Konto dieser Adresse verbunden. Gibt es keines, wird es angelegt.`,
  },
  linked: {
    title: 'Verknüpfte Identitäten',
    lede: (brand) => `Womit Sie sich bei ${brand} statt mit einem Code per E-Mail anmelden können.`,
    hint: 'Anmelden mit einem Konto, das Sie anderswo haben',
    none: 'Mit Ihrem Konto ist nichts verknüpft.',
    at: (at) => html`Verknüpft ${at}`,
    proved: (at) => html`zuletzt benutzt ${at}`,
    as: (name) => `als ${name}`,
    closed: {
      invalid_grant: (provider) =>
        `${provider} kennt sie nicht mehr. Melden Sie sich einmal damit an, dann gilt sie wieder.`,
      'back-channel-logout': (provider) =>
        `${provider} hat sie abgemeldet. Melden Sie sich einmal damit an, dann gilt sie wieder.`,
      administrator: () => 'Von den Betreibern für Ausfälle geschlossen.',
    },
    remove: 'Entfernen',
    removeAsk: (provider) =>
      `Danach können Sie sich mit dieser Identität bei ${provider} nicht mehr anmelden. Ein Code per E-Mail geht weiterhin.`,
    removeNow: (provider) => `${provider} entfernen`,
    add: 'Weitere verknüpfen',
    addHint: 'Sie melden sich dort einmal an und kommen hierher zurück.',
    linkWith: (provider) => `${provider} verknüpfen`,
    isLinked: 'Verknüpft. Sie erhalten auch eine E-Mail darüber.',
    isRemoved: 'Entfernt. Sie erhalten auch eine E-Mail darüber.',
    cannot: 'Nichts wurde geändert.',
    gone: 'Ein Anbieter, der hier nicht mehr eingerichtet ist',
    down: (provider, since) =>
      html`${provider} ist seit ${since} ausgefallen; dort lässt sich deshalb nichts verknüpfen.`,
  },
  mails: {
    joinsSubject: (code, provider, brand) => `${code} verbindet ${provider} mit ${brand}`,
    joins: (provider) =>
      `Dieser Code verbindet eine Anmeldung mit ${provider} mit dem Konto dieser Adresse. Wenn Sie nicht gerade von ${provider} kommen, geben Sie ihn niemandem.`,
    linked: {
      subject: (provider, brand) => `${provider} ist mit Ihrem Konto bei ${brand} verknüpft`,
      title: (provider) => `${provider} ist mit Ihrem Konto verknüpft`,
      what: (provider, brand, email) =>
        `Ab jetzt können Sie sich in das Konto von ${email} bei ${brand} mit ${provider} anmelden.`,
      wasYou: 'Wenn Sie das waren, ist nichts zu tun.',
      notYou:
        'Wenn nicht, entfernen Sie die Verknüpfung und sichern Sie Ihr Postfach: Wer Ihre E-Mails liest, kann sich anmelden.',
      button: 'Verknüpfungen ansehen',
    },
    known: {
      subject: (provider, brand) => `In Ihr Konto bei ${brand} kommt man auch mit ${provider}`,
      title: (provider) => `In Ihr Konto kommt man auch mit ${provider}`,
      what: (provider, brand, email) =>
        `Sie haben soeben mit einem Code gezeigt, dass ${email} Ihnen gehört. Angelegt wurde das Konto bei ${brand} vorher durch eine Anmeldung mit ${provider}.`,
      wasYou: 'Wenn Sie das waren, ist nichts zu tun.',
      notYou:
        'Wenn nicht, entfernen Sie die Verknüpfung, und beenden Sie Sitzungen und Passkeys, die Sie nicht kennen.',
      button: 'Verknüpfungen ansehen',
    },
    unlinked: {
      subject: (provider, brand) => `${provider} ist nicht mehr mit Ihrem Konto bei ${brand} verknüpft`,
      title: (provider) => `${provider} ist nicht mehr verknüpft`,
      what: (provider, brand, email) =>
        `Sie können sich in das Konto von ${email} bei ${brand} nicht mehr mit ${provider} anmelden. Ein Code per E-Mail geht weiterhin.`,
      notYou:
        'Wenn Sie das nicht waren, sehen Sie Ihre Sitzungen durch, beenden Sie die fremden und sichern Sie Ihr Postfach.',
      button: 'Verknüpfungen ansehen',
    },
  },
}
