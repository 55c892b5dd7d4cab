import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const passkeys: Words['passkeys'] = {
  or: 'oder',
  signIn: 'Mit einem Passkey anmelden',
  confirm: 'Mit einem Passkey bestätigen',
  confirmLede: (brand) => `${brand} bittet Sie, das mit Ihrem Passkey zu bestätigen. Sie bleiben so lange angemeldet.`,
  dormantLede: 'Ihre Passkeys ruhen, solange Ihr Anbieter erreichbar ist: Bestätigen Sie das über ihn.',
  unscripted:
    'Ein Passkey braucht einen Browser, der Skripte ausführt. Erlauben Sie sie für diese Seite, oder nehmen Sie einen Wiederherstellungscode.',
  lost: 'Kein Passkey zur Hand? Wiederherstellungscode verwenden',
  byMail: 'Oder mit einem Code aus einer E-Mail bestätigen',
  refused: {
    refused: 'Dieser Passkey wurde nicht angenommen. Versuchen Sie es noch einmal, oder melden Sie sich per E-Mail an.',
    unknown:
      'Dieser Passkey ist hier nicht bekannt; vielleicht wurde er entfernt. Melden Sie sich per E-Mail an, und löschen Sie ihn von Ihrem Gerät.',
    over: 'Das hat zu lange gedauert, oder es wurde schon benutzt. Versuchen Sie es noch einmal.',
    unconfirmed:
      'Dieser Passkey kam aus einer Sicherung zurück. Melden Sie sich per E-Mail an, und sagen Sie unter „Passkeys“, dass er noch Ihrer ist.',
    notYours: 'Dieser Passkey gehört zu einem anderen Konto. Nehmen Sie einen des Kontos, das hier angemeldet ist.',
    copied:
      'Dieser Passkey wurde vielleicht kopiert und gilt deshalb nicht mehr. Melden Sie sich auf andere Weise an und entfernen Sie ihn.',
  },
  refusedAlone: {
    refused:
      'Dieser Passkey wurde nicht angenommen. Versuchen Sie es noch einmal, oder nehmen Sie einen Wiederherstellungscode.',
    unknown:
      'Dieser Passkey ist hier nicht bekannt; vielleicht wurde er entfernt. Löschen Sie ihn von Ihrem Gerät, und nehmen Sie einen anderen oder einen Wiederherstellungscode.',
    copied:
      'Dieser Passkey wurde vielleicht kopiert und gilt deshalb nicht. Nehmen Sie einen anderen oder einen Wiederherstellungscode.',
    unconfirmed:
      'Dieser Passkey kam aus einer Sicherung zurück und bestätigt deshalb noch nichts. Nehmen Sie einen anderen oder einen Wiederherstellungscode.',
  },
  cancelled: 'Es wurde kein Passkey benutzt. Versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg.',
  exists: 'Dieses Gerät oder dieser Passwortmanager hat schon einen Passkey für dieses Konto.',
  unable: 'Das ging in diesem Browser nicht. Versuchen Sie es noch einmal, oder nehmen Sie ein anderes Gerät.',
  away: 'Passkeys lassen sich im Augenblick nicht benutzen. Versuchen Sie es in einigen Sekunden wieder.',

  offerTitle: 'Nächstes Mal schneller anmelden',
  offerLede: (brand) =>
    `Richten Sie einen Passkey ein und melden Sie sich bei ${brand} mit Fingerabdruck, Gesicht oder Bildschirmsperre an: ohne Code, ohne E-Mail, und niemand kann Ihnen etwas entlocken.`,
  offerFor: (email) => `Er gehört zum Konto ${email}.`,
  requiredLede: (organization) =>
    `${organization} bittet alle, die dazugehören, um einen Passkey. Es dauert nur ein paar Sekunden.`,
  yourOrganization: 'Ihre Organisation',
  notNow: 'Jetzt nicht',
  goOn: 'Ohne Passkey weiter',

  title: 'Passkeys',
  lede: 'Ein Passkey meldet Sie mit Fingerabdruck, Gesicht oder Bildschirmsperre an. Ein Gerät oder ein Passwortmanager bewahrt ihn auf, und er gilt nur auf dieser Website.',
  none: 'Sie haben noch keinen Passkey.',
  added: 'Der Passkey ist eingerichtet.',
  renamed: 'Der Name ist gespeichert.',
  removed: 'Der Passkey ist entfernt. Löschen Sie ihn auch auf Ihrem Gerät oder in Ihrem Passwortmanager.',
  addedAt: (at) => html`Eingerichtet: ${at}`,
  usedAt: (at) => html`Zuletzt benutzt: ${at}`,
  neverUsed: 'Noch nicht benutzt',
  synced: 'Von einem Passwortmanager synchronisiert',
  bound: 'Nur auf einem Gerät',
  unconfirmed:
    'Er kam aus einer Sicherung zurück und gilt noch nicht. Bestätigen Sie ihn, wenn Sie ihn nicht entfernt hatten.',
  dormant:
    'Er ruht: Ihre Organisation meldet sich über ihren Anbieter an. Fällt der aus, kommen Sie mit diesem Passkey hinein.',
  notTaken: 'Ihre Organisation nimmt ihn nicht an; zurzeit meldet er Sie nirgends an.',
  seemsCopied: 'Er wurde vielleicht kopiert und gilt nicht mehr. Entfernen Sie ihn, und richten Sie einen neuen ein.',
  confirmOf: (name) => `Gehört noch mir: ${name}`,
  confirmIt: 'Gehört noch mir',
  confirmAll: (passkeys) => `Alle ${passkeys} gehören noch mir`,
  confirmed: 'Was Sie bestätigt haben, gilt wieder.',
  rename: 'Umbenennen',
  renameOf: (name) => `Umbenennen: ${name}`,
  name: 'Name',
  saveName: 'Namen speichern',
  remove: 'Entfernen',
  removeOf: (name) => `Entfernen: ${name}`,
  removeTitle: (name) => `„${name}“ entfernen?`,
  removeLede:
    'Er meldet Sie dann nicht mehr an. Das lässt sich nicht rückgängig machen; Sie können ihn neu einrichten.',
  removeOthers: 'Auch überall sonst abmelden',
  removeOthersHint: 'Tun Sie das, wenn jemand anderes ihn benutzt haben könnte.',
  keep: 'Behalten',
  addTitle: 'Passkey einrichten',
  addHint:
    'Ihr Browser fragt, wo er aufbewahrt werden soll: auf diesem Gerät, in einem Passwortmanager, auf einem Telefon oder einem Sicherheitsschlüssel.',
  add: 'Passkey einrichten',
  addUnscripted: 'Um einen Passkey einzurichten, erlauben Sie Skripte für diese Seite.',
  addUnable: 'Dieser Browser kann keine Passkeys aufbewahren. Öffnen Sie diese Seite auf einem anderen Gerät.',
  addFull: (most) => `Sie haben ${most} Passkeys; mehr kann ein Konto nicht haben. Entfernen Sie zuerst einen.`,
  addFresh: 'Bestätigen Sie zuerst, dass Sie es sind.',
  toFresh: 'Bestätigen',
  elsewhere: (host) => `Passkeys werden auf ${host} eingerichtet; danach kommen Sie zurück.`,
  unableHere:
    'Diese Installation kann keine Passkeys verwenden: Ihre Adresse müsste ein Name sein, der mit https erreichbar ist.',
  badName: 'Ein Passkey hat einen Namen von 1 bis 100 Zeichen.',
  suggestRecovery:
    'Erstellen Sie auch Wiederherstellungscodes: Mit ihnen kommen Sie hinein, wenn ein Gerät verloren geht.',

  recoveryTitle: 'Wiederherstellungscodes',
  recoveryLede:
    'Zehn Codes zum Ausdrucken oder Weglegen. Jeder meldet Sie einmal an, ohne Passkey und ohne E-Mail: für den Tag, an dem ein Gerät oder Ihr Postfach verloren geht.',
  recoveryNone: 'Sie haben keine Wiederherstellungscodes.',
  recoveryLeft: (left, made) =>
    left === 0
      ? html`Alle zehn sind verbraucht. Erstellt: ${made}.`
      : left === 1
        ? html`Von zehn gilt noch einer. Erstellt: ${made}.`
        : html`Von zehn gelten noch ${left}. Erstellt: ${made}.`,
  recoveryFew: 'Es sind nur noch wenige. Erstellen Sie neue, bevor Sie den letzten brauchen.',
  recoveryOut: 'Keiner gilt mehr. Erstellen Sie neue, bevor Sie einen brauchen.',
  make: 'Zehn Codes erstellen',
  makeAnew: 'Zehn neue Codes erstellen',
  makeVoids: 'Mit neuen Codes werden die alten ungültig.',
  madeTitle: 'Ihre Wiederherstellungscodes',
  madeLede:
    'Sie werden nur dieses eine Mal gezeigt. Drucken oder speichern Sie sie dort, wo nur Sie hinkommen; jeder gilt einmal.',
  madeFor: (email, brand) => `Wiederherstellungscodes von ${email} für ${brand}`,
  copy: 'Kopieren',
  copied: 'Kopiert',
  print: 'Drucken',
  download: 'Herunterladen',
  done: 'Ich habe sie weggelegt',
  toAccount: 'Zurück zu Ihrem Konto',

  useTitle: 'Mit einem Wiederherstellungscode anmelden',
  useLede: 'Wenn weder Ihr Passkey noch Ihr Postfach zur Hand ist. Jeder Code gilt einmal.',
  useLink: 'Postfach oder Gerät verloren? Wiederherstellungscode verwenden',
  code: 'Wiederherstellungscode',
  codeHint: 'Sechzehn Buchstaben und Ziffern. Striche und Kleinschreibung spielen keine Rolle.',
  use: 'Anmelden',
  wrong:
    'Diese Adresse und dieser Code gehören nicht zusammen, oder der Code wurde schon benutzt. Nehmen Sie den nächsten.',
  otherWay: 'Auf andere Weise anmelden',

  mails: {
    when: 'Zeitpunkt',
    where: 'Browser',
    address: 'Netzwerkadresse',
    passkey: 'Passkey',
    button: 'Ihre Passkeys ansehen',
    notYou:
      'Wenn Sie das nicht waren, melden Sie sich auf Ihrer Kontoseite überall ab, entfernen Sie alles, das Sie nicht kennen, und sichern Sie Ihr Postfach.',
    added: {
      subject: (brand) => `Für Ihr Konto bei ${brand} wurde ein Passkey eingerichtet`,
      title: 'Ein Passkey wurde eingerichtet',
      what: (brand, email) => `Wer ihn hat, kann sich bei ${brand} als ${email} anmelden.`,
      dormant:
        'Zurzeit nimmt Ihre Organisation ihn nicht an. Wurde er nach einer Anmeldung über ihren Anbieter eingerichtet, ruht er, und Sie kommen mit ihm hinein, wenn der ausfällt.',
    },
    removed: {
      subject: (brand) => `Von Ihrem Konto bei ${brand} wurde ein Passkey entfernt`,
      title: 'Ein Passkey wurde entfernt',
      what: (brand, email) => `Mit ihm meldet sich bei ${brand} niemand mehr als ${email} an.`,
    },
    copied: {
      subject: (brand) => `Ein Passkey Ihres Kontos bei ${brand} wurde vielleicht kopiert`,
      title: 'Ein Passkey wurde vielleicht kopiert',
      what: (brand, email) =>
        `Er wurde ${brand} mit einem älteren Zählerstand gezeigt als zuvor, wie eine Kopie es täte. Damit wurde niemand als ${email} angemeldet, und er gilt nicht mehr.`,
      next: 'Melden Sie sich auf andere Weise an, entfernen Sie diesen Passkey und richten Sie einen neuen ein.',
    },
    made: {
      subject: (brand) => `Für Ihr Konto bei ${brand} wurden Wiederherstellungscodes erstellt`,
      title: 'Wiederherstellungscodes wurden erstellt',
      what: (brand, email) => `Jeder der zehn meldet einmal als ${email} bei ${brand} an. Ältere sind ungültig.`,
      button: 'Ihre Wiederherstellungscodes ansehen',
    },
    used: {
      subject: (brand) => `Anmeldung bei ${brand} mit einem Wiederherstellungscode`,
      title: 'Anmeldung mit einem Wiederherstellungscode',
      what: (brand, email) => `Jemand hat sich mit einem Wiederherstellungscode als ${email} bei ${brand} angemeldet.`,
      left: 'Übrige Codes',
    },
    shown: {
      subject: (brand) => `Bei ${brand} wurde einer Ihrer Wiederherstellungscodes versucht`,
      title: 'Ein Wiederherstellungscode ließ niemanden herein',
      what: (brand, email) =>
        `Jemand hat bei ${brand} einen richtigen Wiederherstellungscode von ${email} eingegeben. Niemand wurde angemeldet, und der Code gilt noch. Wenn Sie das nicht waren, erstellen Sie neue Codes.`,
    },
  },
}
