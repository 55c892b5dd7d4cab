import { html } from '../../../../platform/html/html.ts'
import type { Words } from '../words.ts'

export const failOver: Words['failOver'] = {
  ways: { provider: 'der Anmeldedienst', passkey: 'Passkeys', email: 'Codes per E-Mail' },
  provisional: (provider) =>
    `Sie haben sich anders angemeldet, weil ${provider} ausgefallen war. Bis Sie sich darüber anmelden, lassen sich Anmeldewege, Adresse und Rollen nicht ändern.`,
  due: (provider, at) =>
    html`${provider} ist wieder da. Melden Sie sich bis ${at} darüber an, sonst endet diese Sitzung.`,
  confirm: (provider) => `Weiter mit ${provider}`,
  mails: {
    asked: (device, time) => `Ein Code wurde angefordert in ${device}, ${time}.`,
    notYou: 'Wenn Sie das nicht waren, tun Sie nichts: Es ist niemand hineingekommen.',
    button: 'Anmeldeseite öffnen',
    provider: {
      subject: (provider, brand) => `Anmelden bei ${brand} mit ${provider}`,
      title: (provider) => `Melden Sie sich mit ${provider} an`,
      what: (provider) =>
        `Ihre Organisation meldet sich über ${provider} an, deshalb steht hier kein Code. Wählen Sie auf der Anmeldeseite „Weiter mit ${provider}“.`,
    },
    other: {
      subject: (brand) => `Anmelden bei ${brand}: auf anderem Weg`,
      title: 'Ihre Organisation nimmt keine Codes an',
      what: (ways) =>
        `Ihre Organisation nimmt keine Codes per E-Mail an, deshalb steht hier keiner. Sie nimmt an: ${ways}.`,
    },
    wait: {
      subject: (provider) => `Noch nicht: ${provider} wird geprüft`,
      title: (provider) => `Es wird geprüft, ob ${provider} ausgefallen ist`,
      what: (provider) =>
        `Ihre Organisation meldet sich über ${provider} an. In diesem Moment wird geprüft, ob der Dienst ausgefallen ist. Fordern Sie in einer Minute noch einmal einen Code an, oder versuchen Sie es mit ${provider}.`,
    },
    down: {
      subject: (provider, brand) => `${provider} ist ausgefallen: kein Code für ${brand}`,
      title: (provider) => `${provider} ist ausgefallen`,
      what: (provider) =>
        `Ihre Organisation meldet sich über ${provider} an, und der Dienst ist ausgefallen. Sie lässt dieses Konto inzwischen nicht mit einem Code herein. Wenn Sie einen Passkey eingerichtet haben, versuchen Sie es damit; sonst später wieder mit ${provider}.`,
    },
    entered: {
      subject: (provider, brand) => `Angemeldet bei ${brand}, während ${provider} ausgefallen war`,
      title: (provider) => `Ohne ${provider} angemeldet`,
      what: (provider, brand, email) =>
        `Jemand hat sich bei ${brand} als ${email} auf anderem Weg angemeldet, weil ${provider} ausgefallen war.`,
      after: (provider) =>
        `Sobald ${provider} wieder da ist, werden Sie gebeten, sich darüber anzumelden; bis dahin lassen sich Anmeldewege, Adresse und Rollen nicht ändern.`,
      where: 'Browser',
      when: 'Zeitpunkt',
      address: 'Netzwerkadresse',
      notYou:
        'Wenn Sie es nicht waren, beenden Sie diese Sitzung jetzt und sagen Sie es denen, die Ihre Organisation verwalten.',
      button: 'Ihre Sitzungen ansehen',
    },
    list: {
      subject: (count, organization) =>
        count === 1
          ? `1 Anmeldung bei ${organization} während eines Ausfalls`
          : `${count} Anmeldungen bei ${organization} während eines Ausfalls`,
      title: (organization) => `Auf anderem Weg angemeldet: ${organization}`,
      what: (organization, provider) =>
        `${provider} war ausgefallen. Diese Personen von ${organization} wurden auf anderem Weg hereingelassen, wie Ihre Regeln es erlauben.`,
      way: { passkey: 'mit Passkey', code: 'mit einem Code', link: 'mit einem Link' },
      more: (count) => `Und ${count} weitere.`,
      act: (organization, brand) =>
        `Wer nicht darunter sein sollte, lässt sich unter „Mitglieder“ aus ${organization} entfernen. Ist ein Konto in fremden Händen, bitten Sie ${brand}, es zu sperren.`,
      button: 'Mitglieder ansehen',
      why: 'Sie bekommen diese E-Mail, weil Sie diese Organisation verwalten; höchstens eine in einer Viertelstunde.',
    },
    policy: {
      subject: {
        changed: (organization) => `Die Anmelderegeln von ${organization} wurden geändert`,
        waiting: (organization) => `Die Anmelderegeln von ${organization} werden sich ändern`,
        applied: (organization) => `Die Anmelderegeln von ${organization} haben sich geändert`,
        withdrawn: (organization) => `Anmelderegeln von ${organization}: Änderung zurückgezogen`,
      },
      title: 'Die Anmelderegeln Ihrer Organisation',
      what: {
        changed: (organization) =>
          `Die Administration dieser Installation hat geändert, wie sich die Personen von ${organization} anmelden. Niemand kommt dadurch herein, der vorher nicht hereinkam, und es gilt ab jetzt.`,
        waiting: (organization, time) =>
          `Die Administration dieser Installation will lockern, wie sich die Personen von ${organization} anmelden. Das gilt frühestens ab ${time}, und nie, solange der Anmeldedienst ausgefallen ist. Bis dahin lässt es sich zurückziehen.`,
        applied: (organization) =>
          `Die lockereren Regeln von ${organization}, die vor einem Tag angekündigt wurden, gelten jetzt.`,
        withdrawn: (organization) => `Die lockereren Regeln von ${organization}, die angekündigt waren, kommen nicht.`,
      },
      reason: 'Angegebener Grund',
      demands: 'Verlangt',
      ordinary: 'An gewöhnlichen Tagen',
      failOver: 'Solange der Dienst ausgefallen ist',
      demanded: { nothing: 'nichts weiter', provider: 'der Anmeldedienst', 'second-factor': 'ein zweiter Faktor' },
      nobody: 'niemand kommt anders herein',
      failOverOf: (ways, days, minutes) =>
        `${ways}; wer in den letzten ${days}\u00a0Tagen da war; Sitzungen von ${minutes}\u00a0Minuten`,
      why: 'Wenn Sie das nicht erwartet haben, sagen Sie es denen, die diese Installation betreiben.',
    },
  },
}
