import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const invitation: Words['invitation'] = {
  title: (organization) => `${organization} beitreten`,
  by: (inviter, organization) => html`<strong>${inviter}</strong> lädt Sie zu <strong>${organization}</strong> ein.`,
  what: (organization) => html`Sie sind zu <strong>${organization}</strong> eingeladen.`,
  to: 'Geschickt an',
  as: 'Rolle',
  until: 'Gültig bis',
  accept: (organization) => `${organization} beitreten`,
  acceptHint: 'Durch das Öffnen dieser Seite hat sich noch nichts geändert.',
  signIn: 'Anmelden und beitreten',
  signInHint: (email) =>
    html`An <strong>${email}</strong> geht eine E-Mail mit einem Code. Wenn Sie noch kein Konto haben, wird eines angelegt.`,
  other: (email) =>
    html`Sie sind als <strong>${email}</strong> angemeldet, und die Einladung ging an eine andere Adresse.`,
  otherSubmit: (email) => `Als ${email} anmelden`,
  otherHint: 'In diesem Browser ersetzt das Ihre jetzige Sitzung.',
  notYou: 'Wenn Ihnen das nichts sagt, schließen Sie die Seite: Es geschieht nichts.',
  joinedTitle: (organization) => `Sie gehören jetzt zu ${organization}`,
  joined: (roles) => html`Ihre Rolle dort: <strong>${roles}</strong>.`,
  goOn: (brand) => `Weiter zu ${brand}`,
  toOrganizations: 'Ihre Organisationen',
  over: {
    accepted: {
      title: 'Diese Einladung wurde angenommen',
      detail: 'Wenn Sie das waren, melden Sie sich mit der Adresse an, an die sie ging.',
    },
    revoked: {
      title: 'Diese Einladung gilt nicht mehr',
      detail:
        'Sie wurde zurückgezogen, oder es gibt eine neuere. Suchen Sie nach einer neueren E-Mail oder wenden Sie sich an die Person, die Sie eingeladen hat.',
    },
    expired: {
      title: 'Diese Einladung ist abgelaufen',
      detail: 'Bitten Sie die Person, die Sie eingeladen hat, um eine neue.',
    },
    unknown: {
      title: 'Diese Einladung ist hier nicht bekannt',
      detail: 'Manche Mailprogramme schneiden lange Links ab. Kopieren Sie die ganze Adresse aus der E-Mail.',
    },
  },
}

export const organizations: Words['organizations'] = {
  title: 'Ihre Organisationen',
  lede: 'Für wen Sie handeln und welche Rolle Sie dort haben.',
  none: 'Sie gehören zu keiner Organisation. Wenn jemand Sie einlädt, erhalten Sie eine E-Mail mit einem Link.',
  heldBackTitle: 'Weitere Ihrer Organisationen',
  heldBack:
    'Sie werden in dieser Sitzung nicht gezeigt, weil sie eine andere Anmeldung verlangen. Melden Sie sich ab und auf diesem Weg wieder an.',
  toOrganizations: 'Zurück zu Ihren Organisationen',
  roles: { owner: 'Inhaber', admin: 'Verwalter', member: 'Mitglied' },
  role: 'Rolle',
  since: (at) => html`Seit ${at}`,
  current: 'In Gebrauch',
  use: 'Verwenden',
  useOf: (name) => `${name} verwenden`,
  manage: 'Mitglieder und Einladungen',
  leave: 'Austreten',
  leaveAsk: (name) =>
    `Sie verlieren den Zugang zu allem, was zu ${name} gehört. Zurück können Sie nur mit einer neuen Einladung.`,
  leaveNow: (name) => `Aus ${name} austreten`,
  invitedTitle: 'Einladungen an Sie',
  open: 'Ansehen',
  openOf: (name) => `Ansehen: Einladung zu ${name}`,
  members: 'Mitglieder',
  you: 'Sie',
  unnamed: 'Ohne Namen',
  saveRole: 'Speichern',
  saveRoleOf: (who) => `Rolle speichern: ${who}`,
  roleOf: (who) => `Rolle: ${who}`,
  remove: 'Entfernen',
  removeAsk: (who) => `${who} verliert den Zugang, spätestens nach fünf Minuten.`,
  removeNow: (who) => `Entfernen: ${who}`,
  more: (shown) => `Die neuesten ${shown} werden gezeigt.`,
  inviteTitle: 'Jemanden einladen',
  inviteHint: 'Die Person erhält eine E-Mail mit einem Link, der 7\u00a0Tage lang gilt.',
  invite: 'Einladung senden',
  invitations: 'Offene Einladungen',
  noInvitations: 'Es ist keine Einladung offen.',
  expires: (at) => html`Bis ${at}`,
  sendAgain: 'Noch einmal senden',
  sendAgainTo: (email) => `Noch einmal senden an ${email}`,
  revoke: 'Zurückziehen',
  revokeOf: (email) => `Einladung zurückziehen: ${email}`,
  done: {
    switched: 'Von jetzt an handeln Sie für die unten markierte Organisation.',
    left: 'Sie sind aus der Organisation ausgetreten.',
    saved: 'Gespeichert. Es gilt innerhalb einer Sekunde.',
    removed: 'Das Mitglied wurde entfernt.',
    invited: 'Die Einladung ist unterwegs.',
    sent: 'Die E-Mail wurde noch einmal abgeschickt.',
    revoked: 'Die Einladung wurde zurückgezogen. Ihr Link gilt nicht mehr.',
  },
}
