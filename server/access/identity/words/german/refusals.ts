import type { Sentences } from '../sentences.ts'

/** Every refusal that a hosted page can show. A test says which one is missing. */
export const sentences: Sentences = {
  otherTitle: 'Abgelehnt',
  other: 'Diese Anfrage wurde abgelehnt. Der Code unten sagt dem Support, warum.',
  titles: {
    400: 'Die Anfrage passt nicht',
    401: 'Nicht angemeldet',
    403: 'Nicht erlaubt',
    404: 'Nicht gefunden',
    405: 'So nicht möglich',
    408: 'Zu langsam',
    409: 'Es steht etwas im Weg',
    410: 'Nicht mehr gültig',
    413: 'Zu groß',
    414: 'Zu lang',
    415: 'Unbekannte Form',
    422: 'Nicht möglich',
    429: 'Zu viele Anfragen',
    431: 'Zu groß',
    500: 'Ein Fehler bei uns',
    503: 'Im Augenblick nicht bekannt',
  },
  details: {
    'request.invalid':
      'Ein Teil der Anfrage hat nicht die erwartete Form. Gehen Sie zurück und versuchen Sie es noch einmal.',
    'identity.impersonated':
      'Im Namen einer anderen Person kann der Support das nicht tun. Bitten Sie die Person darum.',
    'identity.impersonation_of_staff': 'Niemand handelt im Namen von Menschen, die in der Konsole arbeiten.',
    'identity.impersonation_of_closed':
      'Dieses Konto ist gesperrt oder wird gelöscht: Niemand handelt in seinem Namen.',
    'request.malformed': 'Die Anfrage war nicht lesbar. Gehen Sie zurück und versuchen Sie es noch einmal.',
    'request.unreadable': 'Die Anfrage war nicht lesbar.',
    'request.bad_url':
      'Die Adresse enthält ein Prozentzeichen, das für kein Zeichen steht. Kopieren Sie sie noch einmal ganz.',
    'request.bad_utf8': 'Die Anfrage enthält Zeichen, die nicht lesbar sind.',
    'request.bad_json': 'Die Anfrage war nicht lesbar.',
    'request.bad_form': 'Das Formular war nicht lesbar. Gehen Sie zurück und senden Sie es noch einmal.',
    'request.cross_site':
      'Diese Anfrage kam von einer anderen Website und wurde nicht ausgeführt. Öffnen Sie die Seite selbst und versuchen Sie es noch einmal.',
    'request.not_found': 'Unter dieser Adresse gibt es nichts.',
    'request.no_file': 'Diese Datei gibt es nicht.',
    'request.not_built': 'Die Seiten, die hierher gehören, sind noch nicht gebaut.',
    'request.method_not_allowed':
      'Diese Adresse wird so nicht beantwortet. Gehen Sie zurück und beginnen Sie noch einmal.',
    'request.too_slow': 'Die Anfrage kam nicht rechtzeitig an. Senden Sie sie noch einmal.',
    'request.too_large': 'Das ist größer als 64\u00a0KiB. Senden Sie weniger.',
    'request.url_too_long': 'Die Adresse ist zu lang.',
    'request.media_type': 'Diese Form der Anfrage wird hier nicht verstanden.',
    'request.headers_too_large': 'Der Browser schickt zu viele Cookies. Löschen Sie die Cookies dieser Website.',
    'request.too_many_streams': 'Es sind zu viele Verbindungen offen. Versuchen Sie es gleich noch einmal.',
    'platform.bug':
      'Das ist ein Fehler in Holdfast, festgehalten als {incident}. Ein neuer Versuch hilft vielleicht nicht; nennen Sie dem Support diese Kennung.',
    'platform.database_unavailable':
      'Die Datenbank antwortet nicht, deshalb ist das im Augenblick nicht bekannt. Niemand wird dadurch abgemeldet. Versuchen Sie es in einigen Sekunden wieder.',
    'tenants.no_organization': 'Diese Organisation gibt es nicht, oder Sie gehören nicht dazu.',
    'tenants.no_membership': 'Diese Mitgliedschaft gibt es nicht, oder sie gehört zu keiner Ihrer Organisationen.',
    'tenants.no_user': 'Diese Person gibt es nicht.',
    'tenants.bad_name': 'Ein Name hat 1 bis 120 sichtbare Zeichen.',
    'tenants.bad_slug': 'Ein Kurzname besteht aus kleinen Buchstaben, Ziffern und einzelnen Bindestrichen dazwischen.',
    'tenants.slug_taken': 'Der Kurzname {slug} ist vergeben.',
    'tenants.bad_metadata': 'Metadaten haben höchstens 16 KiB.',
    'tenants.bad_roles': 'Diese Rolle gibt es nicht.',
    'tenants.already_member': 'Diese Person ist schon Mitglied. Ändern Sie stattdessen die Rolle.',
    'tenants.too_many_memberships': 'Eine Person kann zu höchstens {max} Organisationen gehören.',
    'tenants.last_owner': 'Das ist der letzte Inhaber. Machen Sie zuerst jemand anderen dazu.',
    'tenants.deleting': 'Diese Organisation wird gerade gelöscht.',
    'tenants.not_deleting': 'Diese Organisation wird nicht gelöscht.',
    'tenants.not_manager': 'Das dürfen nur Inhaber und Verwalter dieser Organisation. Bitten Sie jemanden von ihnen.',
    'tenants.owners_only': 'Nur ein Inhaber kann Inhaber ernennen, ändern oder entfernen. Bitten Sie einen von ihnen.',
    'tenants.own_role': 'Niemand gibt sich selbst eine andere Rolle. Bitten Sie jemand anderen, der es darf.',
    'tenants.impersonated':
      'Der Support kann Mitgliedschaften nicht in fremdem Namen ändern. Bitten Sie die Person selbst.',
    'tenants.invite_instead': 'Laden Sie die Person ein: Sie nimmt selbst an.',
    'tenants.bad_cursor': 'Diese Stelle in der Liste gibt es nicht. Beginnen Sie von vorn.',
    'sessions.not_in_organization': 'Diese Organisation gibt es nicht, oder Sie gehören nicht dazu.',
    'identity.bad_email':
      'Das ist keine E-Mail-Adresse, an die etwas verschickt werden kann. Geben Sie eine ein wie ana@acme.example.',
    'identity.bad_code': 'Ein Code hat 6\u00a0Ziffern. Geben Sie sie so ein, wie sie in der E-Mail stehen.',
    'identity.bad_return_to': 'Diese Anmeldung würde zu {origin} weiterführen, und das ist hier nicht eingetragen.',
    'identity.bad_application':
      'Bei dieser Anwendung kann man sich hier nicht anmelden. Beginnen Sie in der Anwendung selbst.',
    'identity.wrong_code':
      'Dieser Code stimmt nicht; verbleibende Versuche: {attempts_left}. Nehmen Sie die neueste E-Mail.',
    'identity.other_browser':
      'Diese Anmeldung wurde in einem anderen Browser begonnen. Geben Sie den Code dort ein oder beginnen Sie hier neu.',
    'identity.link_only':
      'Für diese Adresse wurden viele falsche Codes eingegeben. Öffnen Sie stattdessen den Link in der E-Mail.',
    'identity.challenge_expired':
      'Diese Anmeldung ist abgelaufen, oder eine neuere wurde begonnen. Fordern Sie einen neuen Code an.',
    'identity.challenge_used': 'Dieser Code oder Link wurde schon benutzt. Fordern Sie einen neuen Code an.',
    'identity.too_many_attempts':
      'Es gab zu viele falsche Codes; dieser gilt deshalb nicht mehr. Fordern Sie einen neuen Code an.',
    'identity.slow_down': 'Das war zu oft: Versuchen Sie es in {retry_after_s}\u00a0s wieder. Nichts ist gesperrt.',
    'identity.passkey_elsewhere':
      'Passkeys gelten nur auf der eigenen Adresse dieser Anmeldung. Öffnen Sie die Anmeldung dort.',
    'identity.passkey_refused':
      'Dieser Passkey wurde nicht angenommen. Versuchen Sie es noch einmal, oder melden Sie sich auf andere Weise an.',
    'identity.passkey_unknown':
      'Dieser Passkey ist hier nicht bekannt; vielleicht wurde er entfernt. Melden Sie sich auf andere Weise an.',
    'identity.passkey_not_signed_in': 'Hier ist niemand angemeldet. Melden Sie sich an.',
    'identity.passkey_other_browser':
      'Das wurde in einem anderen Browser begonnen oder mit einer anderen Anmeldung. Beginnen Sie hier noch einmal.',
    'identity.passkey_challenge_over': 'Das hat länger als fünf Minuten gedauert. Versuchen Sie es noch einmal.',
    'identity.passkey_challenge_used': 'Das wurde schon benutzt. Versuchen Sie es noch einmal.',
    'identity.hand_over_over':
      'Das hat zu lange gedauert oder wurde nie begonnen. Beginnen Sie in der Anwendung noch einmal.',
    'identity.hand_over_used': 'Diese Anmeldung wurde schon benutzt. Beginnen Sie in der Anwendung noch einmal.',
    'identity.hand_over_other_browser':
      'Diese Anmeldung wurde anderswo begonnen, in einem anderen Browser oder einer anderen Anwendung: Niemand wird dadurch angemeldet. Haben Sie sie nicht begonnen, hat jemand anders Ihnen den Link geschickt. Beginnen Sie hier noch einmal.',
    'identity.hand_over_elsewhere':
      'Die Anwendung, von der diese Anmeldung kam, ist unter jener Adresse nicht mehr eingetragen. Niemand wird dorthin zurückgeschickt.',
    'identity.passkey_copied':
      'Dieser Passkey wurde vielleicht kopiert und gilt deshalb nicht mehr. Melden Sie sich auf andere Weise an, entfernen Sie ihn und richten Sie einen neuen ein.',
    'identity.passkey_needed':
      'Dieses Konto hat einen Passkey: Bestätigen Sie mit ihm oder mit einem Wiederherstellungscode. Ein Code aus einer E-Mail genügt hierfür nicht.',
    'identity.passkey_not_yours':
      'Dieser Passkey gehört zu einem anderen Konto. Nehmen Sie einen des Kontos, das hier angemeldet ist.',
    'identity.no_passkey_to_confirm':
      'Dieses Konto hat keinen Passkey, der das bestätigen könnte. Bestätigen Sie es auf andere Weise.',
    'identity.own_account': 'Das ist Ihr eigenes Konto. Tun Sie es auf Ihren eigenen Seiten: {path}.',
    'identity.wrong_recovery_code':
      'Diese Adresse und dieser Code gehören nicht zusammen, oder der Code wurde schon benutzt. Nehmen Sie den nächsten.',
    'identity.passkey_unconfirmed':
      'Dieser Passkey kam aus einer Sicherung zurück. Melden Sie sich auf andere Weise an, und sagen Sie unter „Passkeys“, dass er noch Ihrer ist.',
    'identity.passkey_exists':
      'Dieser Passkey ist schon eingerichtet. Nehmen Sie ein anderes Gerät oder einen anderen Passwortmanager.',
    'identity.too_many_passkeys': 'Ein Konto hat höchstens {most} Passkeys. Entfernen Sie zuerst einen.',
    'identity.no_passkey': 'Einen solchen Passkey haben Sie nicht. Vielleicht ist er schon entfernt.',
    'identity.bad_passkey_name': 'Ein Passkey hat einen Namen von 1 bis 100 Zeichen. Nichts wurde gespeichert.',
    'identity.provider_not_offered':
      'Diese Anmeldung wird hier nicht angeboten oder wurde inzwischen neu eingerichtet. Beginnen Sie noch einmal.',
    'identity.provider_not_here':
      'Die Konsole hängt von keinem Anbieter ab: Melden Sie sich dort mit einem Passkey oder per E-Mail an.',
    'identity.departure_over':
      'Diese Anmeldung wurde vor mehr als zehn Minuten begonnen oder nie. Beginnen Sie noch einmal.',
    'identity.departure_used': 'Diese Anmeldung wurde schon benutzt. Beginnen Sie noch einmal.',
    'identity.departure_other_browser':
      'Das wurde in einem anderen Browser begonnen oder mit einer anderen Anmeldung. Beginnen Sie hier noch einmal.',
    'identity.provider_other_person':
      'Beim Anbieter ist jemand anderes angemeldet als hier. Melden Sie sich dort ab und beginnen Sie noch einmal.',
    'identity.arrival_over':
      'Es ist zu viel Zeit vergangen, seit der Anbieter gesagt hat, wer Sie sind. Beginnen Sie noch einmal.',
    'identity.sign_up_closed':
      'Sie haben hier kein Konto, und neue gibt es nur auf Einladung. Bitten Sie um eine Einladung.',
    'identity.link_needs_passkey':
      'Ihr Konto hat einen Passkey; ein Code per E-Mail allein verknüpft deshalb nichts damit. Melden Sie sich mit dem Passkey an und verknüpfen Sie es auf der Seite Ihres Kontos.',
    'identity.linked_elsewhere': 'Diese Identität gehört hier schon zu einem anderen Konto. Nichts wurde geändert.',
    'identity.too_many_linked': 'Ein Konto hat höchstens {most} verknüpfte Identitäten. Entfernen Sie zuerst eine.',
    'identity.no_linked_identity': 'Diese verknüpfte Identität gibt es nicht. Vielleicht ist sie schon entfernt.',
    'identity.linked_otherwise':
      'Ihr Konto ist bei diesem Anbieter mit einer anderen Identität verknüpft. Melden Sie sich dort mit dieser an, oder fragen Sie die Betreiber.',
    'identity.linked_identity_closed':
      'Eine Administratorin oder ein Administrator hat diese Identität für Ausfälle geschlossen, darum bleibt sie. Bitten Sie darum, sie zu öffnen oder zu entfernen.',
    'identity.linked_identity_demanded':
      'Eine Ihrer Organisationen lässt nur {provider} zu: Ohne die Verknüpfung kämen Sie nicht wieder hinein. Verlassen Sie zuerst die Organisation.',
    'identity.not_administrator':
      'Dieses Konto darf diese Installation nicht verwalten. Bitten Sie jemanden, der es darf, um dieses Recht.',
    'identity.enrolment_spent':
      'Dieser Einrichtungslink wurde benutzt oder ist abgelaufen. Solange niemand die Installation verwaltet, gibt ein Neustart einen neuen aus.',
    'identity.bad_profile': 'Nichts wurde gespeichert: Eine Angabe kann so nicht übernommen werden.',
    'identity.blocked': 'Dieses Konto ist gesperrt. Fragen Sie die Betreiber, ob sie es wieder öffnen.',
    'identity.deleting':
      'Dieses Konto wird gelöscht. Melden Sie sich an; Sie werden gefragt, ob Sie es behalten möchten.',
    'identity.gone': 'Dieses Konto gibt es nicht mehr.',
    'identity.address_moved':
      'Diese Adresse gehört nicht mehr zu dem Konto. Melden Sie sich mit der neuen an, oder nehmen Sie die Änderung mit dem Link aus der E-Mail zurück.',
    'identity.email_taken':
      'Zu dieser Adresse gibt es ein Konto, oder jemand kann sie noch zurücknehmen. Nehmen Sie eine andere.',
    'identity.same_email': 'Das ist bereits die Adresse des Kontos.',
    'identity.change_expired': 'Diese Änderung ist abgelaufen, oder es gibt eine neuere. Beginnen Sie noch einmal.',
    'identity.bad_metadata':
      'Die Metadaten enthalten Zeichen, die sich nicht speichern lassen. Nichts wurde gespeichert.',
    'identity.metadata_too_large': 'Die Metadaten sind länger als 16\u00a0KiB. Nichts wurde gespeichert.',
    'identity.staff_protected':
      'Diese Person arbeitet in der Konsole: Das kann nur jemand aus der Verwaltung tun, oder sie selbst.',
    'identity.last_administrator':
      'Das ist die letzte Person mit Verwaltungsrechten, die sich anmelden kann. Geben Sie diese zuerst jemand anderem.',
    'identity.deletion_final': 'Diese Löschung lässt sich nicht mehr rückgängig machen.',
    'identity.no_user': 'Das Konto {id} gibt es nicht.',
    'identity.bad_cursor': 'Diese Stelle in der Liste gibt es nicht. Beginnen Sie von vorn.',
    'identity.not_yours': 'Eine solche Sitzung haben Sie nicht. Vielleicht ist sie schon beendet.',
    'identity.bad_brand': 'Dieses Erscheinungsbild kann nicht gezeigt werden.',
    'identity.no_preview': 'Diese Vorschau ist vorbei oder hat es nie gegeben. Fordern Sie eine neue an.',
    'identity.codes_for_administrators':
      'Gedruckte Codes gibt es nur für Menschen mit Verwaltungsrechten, und nur für sich selbst. Melden Sie sich so an.',
    'identity.impersonation_by_person':
      'Im Namen einer anderen Person handelt nur, wer selbst vor einem Browser sitzt: Melden Sie sich in der Konsole an.',
    'identity.rescue_by_administrator':
      'Einen Zugang zu einer Organisation schafft jemand, der diese Installation verwaltet, vor einem Browser. Bitten Sie darum.',
    'identity.rescue_of_oneself': 'Niemand schafft einen Zugang für sich selbst. Bitten Sie eine andere Person.',
    'identity.rescue_of_manager':
      'Ein Zugang ist für jemanden, der die Organisation besitzt oder verwaltet; diese Person tut es nicht. Nennen Sie eine andere.',
    'identity.rescue_of_closed': 'Dieses Konto ist geschlossen: Für es gibt es keinen Zugang.',
    'identity.rescue_not_by_mail':
      'Die Adresse dieser Person wurde nie bestätigt, darum geht kein Code an sie. Rufen Sie unter einer bekannten Nummer an und übergeben Sie ihn mündlich.',
    'identity.no_provider': 'Diesen Anbieter gibt es nicht.',
    'identity.no_organization': 'Diese Organisation gibt es nicht.',
    'identity.bad_policy_asked': 'Das ist keine Regel für die Anmeldung. Senden Sie sie ganz, als JSON.',
    'identity.no_rescue': 'Diesen Zugang gibt es nicht.',
    'identity.no_impersonation': 'Diese Handlung in fremdem Namen gibt es nicht.',
    'identity.no_development_mail': 'Unter dieser Adresse gibt es nichts.',
    'identity.bad_roles':
      'Rollen sind 1 bis 20 aus: owner, admin, member oder eigenen Wörtern aus kleinen Buchstaben, Ziffern, _ und -.',
    'identity.no_application': 'Eine Anwendung mit dieser Kennung gibt es nicht.',
    'identity.name_organization': 'Es fehlt die Angabe, um welche Organisation es geht.',
    'identity.no_invitation':
      'Die Einladung {id} gibt es nicht, oder sie gehört zu keiner Organisation, die Sie verwalten.',
    'identity.already_member': 'Wer diese Adresse hat, ist schon Mitglied. Ändern Sie stattdessen die Rollen.',
    'identity.invitation_accepted': 'Diese Einladung wurde angenommen. Entfernen Sie stattdessen das Mitglied.',
    'identity.invitation_over': 'Diese Einladung gilt nicht mehr. Bitten Sie um eine neue.',
    'sessions.not_signed_in': 'Melden Sie sich zuerst an.',
    'sessions.ended': 'Diese Sitzung ist beendet. Melden Sie sich noch einmal an.',
    'sessions.not_administrator':
      'Dieses Konto darf diese Installation nicht verwalten. Bitten Sie jemanden, der es darf, um dieses Recht.',
    'sessions.not_allowed':
      'Dazu braucht es das Recht {scope}. Bitten Sie jemanden, der die Installation verwaltet, darum.',
    'sessions.impersonated': 'Der Support kann das nicht in fremdem Namen tun. Bitten Sie die Person selbst darum.',
    'sessions.failover_session':
      'Sie sind anders hereingekommen, weil Ihr Anmeldedienst ausgefallen war. Melden Sie sich dafür über ihn an, sobald er wieder da ist.',
    'identity.provider_demanded':
      'Ihre Organisation meldet sich über {provider} an. Wählen Sie das auf der Anmeldeseite. Eine Sitzung, die anders begonnen hat, genügt ihr nicht.',
    'identity.policy_no_way':
      'Die Anmelderegeln brauchen mindestens einen Weg zur Anmeldung, und ebenso die für Ausfälle. Nichts wurde gespeichert.',
    'identity.policy_no_provider':
      'Um einen Anmeldedienst zu verlangen oder für seinen Ausfall vorzusorgen, muss er genannt und als Weg erlaubt sein. Nichts wurde gespeichert.',
    'identity.policy_unknown_provider': 'Einen aktiven Anmeldedienst {id} gibt es nicht. Nichts wurde gespeichert.',
    'identity.policy_weaker':
      '„{way}“ ist weniger als verlangt wird ({demands}); das gilt an gewöhnlichen Tagen und bei Ausfällen. Nichts wurde gespeichert.',
    'identity.policy_factors_not_trusted':
      '{provider} gilt nicht als Nachweis eines zweiten Faktors, also könnte sich niemand anmelden. Vertrauen Sie ihm darin, oder erlauben Sie Passkeys. Nichts wurde gespeichert.',
    'identity.policy_changed':
      'Diese Regeln wurden inzwischen geändert: Sie stehen jetzt bei Stand {epoch}. Sehen Sie sie an, und speichern Sie noch einmal.',
    'identity.policy_older_process':
      'Noch läuft ein Prozess einer älteren Version ({count}), der Leute an diesen Regeln vorbei einließe. Nichts wurde gespeichert: Speichern Sie noch einmal, wenn alle diese Version ausführen.',
    'identity.no_policy_waiting': 'Keine Änderung dieser Regeln wartet. Vielleicht gilt sie schon.',
    'identity.link_demanded':
      'Ihre Organisation verlangt {provider}. Melden Sie sich zuerst damit an; verknüpfen Sie eine weitere Identität dann auf Ihrer Kontoseite.',
    'identity.link_second_factor':
      'Ihre Organisation verlangt einen zweiten Faktor. Melden Sie sich über {provider} oder mit Ihrem Passkey an; ändern Sie verknüpfte Identitäten dann auf Ihrer Kontoseite.',
    'identity.recovery_not_taken':
      'Ihre Organisation verlangt mehr als einen Wiederherstellungscode: ihren Anbieter oder einen Passkey. Niemand wurde angemeldet, und der Code gilt noch. Haben Sie beides nicht, bitten Sie die Verwaltung Ihrer Organisation, Sie neu beginnen zu lassen.',
    'identity.way_not_taken': 'Ihre Organisation nimmt diesen Weg der Anmeldung nicht an. Sie nimmt: {ways}.',
    'identity.not_in_fail_over':
      'Die Anmeldung mit {provider} ist ausgefallen, und Ihre Organisation lässt dieses Konto inzwischen nicht anders herein. Ihre Anmeldung war richtig; versuchen Sie es später wieder mit {provider}.',
    'sessions.stale':
      'Melden Sie sich dafür noch einmal an: Die letzte Anmeldung in diesem Browser ist mehr als {max_age_s}\u00a0s her.',
    'sessions.no_such_session': 'Die Sitzung {id} gibt es nicht, oder sie gehört nicht Ihnen.',
    'sessions.bad_cursor': 'Diese Stelle in der Liste gibt es nicht. Beginnen Sie von vorn.',
  },
}
