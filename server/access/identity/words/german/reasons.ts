import type { Words } from '../words.ts'

export const reasons: Words['reasons'] = {
  no_session: 'In diesem Browser gibt es keine Sitzung.',
  malformed: 'Das Sitzungs-Cookie ist keines von uns.',
  not_found: 'Diese Sitzung gibt es hier nicht, oder sie wurde nach ihrem Ende entfernt.',
  signed_out: 'In diesem Browser abgemeldet.',
  signed_out_elsewhere: 'Von Ihnen auf einem anderen Gerät beendet.',
  signed_out_everywhere: 'Sie haben sich überall abgemeldet.',
  revoked: 'Von der Administration beendet.',
  replaced: 'In diesem Browser hat sich jemand neu angemeldet.',
  idle: 'Zu lange nicht benutzt.',
  expired: 'Hat die längste erlaubte Dauer erreicht.',
  blocked: 'Dieses Konto wurde von der Administration gesperrt.',
  account_deleted: 'Dieses Konto wurde gelöscht.',
  email_changed: 'Die E-Mail-Adresse dieses Kontos wurde geändert.',
  restored: 'Beendet, bevor die Datenbank aus einer Sicherung wiederhergestellt wurde.',
  impersonation_ended: 'Die Zeit, in der der Support in Ihrem Namen handelte, ist vorbei.',
  failover_ended:
    'Der Anmeldedienst ist wieder da, und diese Sitzung, die während seines Ausfalls anders begonnen hat, wurde dort nicht rechtzeitig bestätigt.',
  superseded: 'Diese Kopie der Sitzung wurde bei der letzten Anmeldung durch eine neuere ersetzt.',
  bad_proof: 'Der signierte Nachweis ist gefälscht, beschädigt, abgelaufen oder von einer anderen Installation.',
  wrong_audience: 'Diese Sitzung gehört zu einer anderen Anwendung.',
}
