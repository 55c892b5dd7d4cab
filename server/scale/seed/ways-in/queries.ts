import { type Queries, type Statement, sql } from '../../../platform/database/index.ts'
import {
  cameAt,
  lastSignInAt,
  literal,
  numbers,
  organizationId,
  type Portion,
  providerId,
  providerOf,
  skewed,
  userId,
} from '../queries.ts'
import { PROVIDERS } from '../size.ts'

/** Three of five came through a provider, two of five have a passkey, one of ten has recovery codes. */
const share = { linked: 0.6, linkedTwice: 0.04, passkey: 0.4, passkeyTwice: 0.06, recoveryCodes: 0.1 } as const
const CODES_IN_SET = 10
/** As `made_email` has them. */
const FIRMS = 9973

const has = (chance: number, salt: number) => sql`pg_temp.chance(n, ${literal(salt)}) < ${chance}`
const whole = (portion: Portion): Portion => ({ ...portion, from: 0, to: 1 })

/** One that everybody knows, one of offices, and those of companies; the fourth is down, by an order, until tomorrow. */
export async function insertProviders(db: Queries, { now }: Portion): Promise<void> {
  const each = sql`generate_series(0, ${literal(PROVIDERS)} - 1) as n`
  const issuer = sql`('https://id' || n || '.example')`
  await db.run(sql`
    insert into providers.provider (id, name, preset, issuer, client_id, token_endpoint_auth, scopes, trusts_email,
                                    trusts_factors, keys_good_for_ms, is_enabled, tested_at, created_at, changed_at)
    select ${providerId(sql`n`)}, 'Provider ' || n, case when n < 2 then (array['google','entra'])[n + 1] else 'oidc' end,
           ${issuer}, 'client' || n, 'none', '{openid,email,profile}', n % 3 = 0, n % 4 = 0, 604800000, n % 20 <> 19, ${now},
           ${now}::timestamptz - interval '400 days', ${now}::timestamptz - interval '40 days'
      from ${each}`)
  await db.run(sql`
    insert into providers.issuer (issuer, provider_id, since)
    select ${issuer}, ${providerId(sql`n`)}, ${now}
      from ${each}`)
  await db.run(sql`
    insert into providers.domain (domain, provider_id, added_at)
    select 'firm' || firm || '.example', ${providerId(sql`n`)}, ${now}
      from ${each}
     cross join lateral generate_series(n, 1999, ${literal(PROVIDERS)}) as firm`)
  await db.run(sql`
    insert into providers.document (provider_id, kind, body, fetched_at, changed_at)
    select ${providerId(sql`n`)}, kind,
           jsonb_build_object('issuer', ${issuer}, 'of', case kind when 'keys' then '[]'::jsonb
             else jsonb_build_object('issuer', ${issuer}, 'authorization_endpoint', ${issuer} || '/authorize',
                                     'token_endpoint', ${issuer} || '/token', 'jwks_uri', ${issuer} || '/keys') end),
           ${now}, ${now}
      from ${each}
     cross join (values ('discovery'), ('keys')) as kinds (kind)`)
  await db.run(sql`
    insert into providers.key (provider_id, thumbprint, kid, jwk, first_seen_at, last_seen_at, withdrawn_at)
    select ${providerId(sql`n`)}, md5(n || ' ' || back), 'key' || back, '{}', ${now}::timestamptz - interval '30 days' * (back + 1),
           ${now}::timestamptz - interval '30 days' * back,
           case when back > 0 then ${now}::timestamptz - interval '30 days' * back end
      from ${each}
     cross join generate_series(0, 11) as back`)
  await db.run(sql`
    insert into providers.verdict (provider_id, epoch, state, since, open_since, decided_at, decided_by, why, ordered,
                                   ordered_reason, ordered_by, ordered_until)
    select ${providerId(sql`n`)}, 50, case when n = 3 then 'down' else 'healthy' end, ${now}::timestamptz - interval '2 hours',
           case when n = 3 then ${now}::timestamptz - interval '2 hours' end, ${now}, 'holdfast',
           '{"sentence":"","faults":[],"processes":{"saw":1,"live":1},"is_control_good":true}',
           case when n = 3 then 'open' end, case when n = 3 then 'It is down' end, case when n = 3 then 'command line' end,
           case when n = 3 then ${now}::timestamptz + interval '1 day' end
      from ${each}`)
  await db.run(sql`
    insert into providers.verdict_change (provider_id, epoch, at, state, is_open, by, why)
    select ${providerId(sql`n`)}, epoch, ${now}::timestamptz - interval '8 days' * (50 - epoch),
           (array['healthy','suspect','down','recovering'])[1 + epoch % 4], epoch % 4 > 1, 'holdfast', '{}'
      from ${each}
     cross join generate_series(1, 50) as epoch`)
}

/** An hour of looks every ten seconds, of one process; and of real sign-ins. */
export async function insertEvidence(db: Queries, { size, now }: Portion): Promise<void> {
  const rounds = Math.min(360, Math.ceil(size.users / 500))
  await db.run(sql`
    insert into providers.evidence (provider_id, process_id, seen_at, round, kind, outcome, took_ms)
    select ${providerId(sql`n`)}, 'access-1', ${now}::timestamptz - interval '10 seconds' * back, 'rnd_' || back || '_' || n, kind,
           case when n = 3 then 'fault' else 'good' end, 40 + n
      from generate_series(${literal(rounds)} - 1, 0, -1) as back
     cross join generate_series(0, ${literal(PROVIDERS)} - 1) as n
     cross join (values ('discovery'), ('keys'), ('authorization'), ('token')) as kinds (kind)`)
  await db.run(sql`
    insert into providers.evidence (provider_id, process_id, seen_at, kind, outcome, took_ms)
    select ${providerOf(sql`n`)}, 'access-' || n % 4, ${now}::timestamptz - interval '1 hour' * (1 - n::float8 / ${literal(rounds * 40)}),
           'exchange', 'good', 90
      from generate_series(1, ${literal(rounds * 40)}) as n`)
}

export async function insertLinkedIdentities(db: Queries, portion: Portion): Promise<void> {
  const { size, now } = portion
  const isClosed = sql`n % 200 = 11`
  const insert = (name: string, nth: number, provider: Statement, found: Statement) => sql`
    insert into identity.linked_identity (id, user_id, provider_id, issuer, subject, email, is_email_verified, name, linked_at,
                                          last_proved_at, refresh_sealed, asked_again_at, closed_at, closed_reason, closed_by)
    select pg_temp.made_id('lid', extract(epoch from linked_at)::bigint * 1000, n * 2 + ${literal(nth)}), ${userId(sql`n`, portion)}, provider_id,
           replace(provider_id, 'prv_scale', 'https://id') || '.example', ${name} || n, pg_temp.made_email(n), true,
           pg_temp.made_name(n), linked_at, ${lastSignInAt(now)},
           case when n % 3 = 0 and not ${isClosed} then repeat(md5('refresh' || n), 6) end,
           case when n % 3 = 0 then ${now}::timestamptz - pg_temp.chance(n, 26) * interval '20 hours' end,
           case when ${isClosed} then ${now}::timestamptz - interval '3 days' end,
           case when ${isClosed} then 'invalid_grant' end, case when ${isClosed} then 'holdfast' end
      from (select n, ${provider} as provider_id, ${cameAt('user', sql`n`, size.users, now)} as linked_at
              from ${numbers(portion)}) as made
     where ${found}`
  await db.run(insert('sub', 0, providerOf(sql`n`), has(share.linked, 21)))
  await db.run(insert('other', 1, providerId(sql`n % 3`), has(share.linkedTwice, 21)))
}

export async function insertPasskeys(db: Queries, portion: Portion): Promise<void> {
  const { now } = portion
  const provider = sql`case when n % 2 = 0 and ${has(share.linked, 21)} then ${providerOf(sql`n`)} end`
  const at = sql`${now}::timestamptz - pg_temp.chance(n, 25) * interval '230 days'`
  const insert = (name: string, nth: number, found: Statement) => sql`
    insert into identity.passkey (id, credential_id, user_id, rp_id, public_key, counter, transports, is_multi_device, is_backed_up,
                                  name, enrolled_by_provider, root_amr, root_acr, root_provider, root_at, created_at, last_used_at)
    select pg_temp.made_id('psk', ${literal(now.getTime())}::bigint - (pg_temp.chance(n, 25) * 2e10)::bigint, n * 2 + ${literal(nth)}),
           sha256((${name} || n)::bytea), ${userId(sql`n`, portion)}, 'localhost',
           sha256(('x' || n)::bytea) || sha256(('y' || n)::bytea) || '\\xa5010203262001215820', 0, '{internal,hybrid}', true, true,
           ${name}, ${provider}, case when ${provider} is null then '{otp}' else '{fed}' end::text[],
           case when n % 8 = 0 then 'multiple' else 'single' end, ${provider}, ${at}, ${at}, ${lastSignInAt(now)}
      from ${numbers(portion)}
     where ${found}`
  await db.run(insert('Phone', 0, has(share.passkey, 24)))
  await db.run(insert('Laptop', 1, has(share.passkeyTwice, 24)))
}

export async function insertRecoveryCodes(db: Queries, portion: Portion): Promise<void> {
  await db.run(sql`
    insert into identity.recovery_code (digest, user_id, made_at, used_at)
    select sha256(('recovery' || n || ' ' || place)::bytea), ${userId(sql`n`, portion)}, ${portion.now}::timestamptz - interval '50 days',
           case when place = 0 and n % 5 = 0 then ${portion.now}::timestamptz - interval '9 days' end
      from ${numbers(portion)}
     cross join generate_series(0, ${literal(CODES_IN_SET)} - 1) as place
     where ${has(share.recoveryCodes, 27)}`)
}

/** What was begun and is not over yet: of the last hour. */
export async function insertCeremonies(db: Queries, portion: Portion): Promise<void> {
  const { size, now } = portion
  const all = whole(portion)
  const count = literal(Math.ceil(size.users / 200))
  const at = sql`${now}::timestamptz - interval '1 hour' * (n::float8 / ${count})`
  await db.run(sql`
    insert into identity.provider_challenge (id, state_digest, purpose, provider_id, provider_version, browser_digest, audience,
                                             return_to, here, wants_fresh, has_passkeys, departure_sealed, created_at, expires_at,
                                             used_at)
    select pg_temp.made_id('pch', ${literal(now.getTime())}::bigint - n, n), sha256(('state' || n)::bytea), 'sign-in',
           ${providerOf(sql`n`)}, 1, sha256(('browser' || n)::bytea), 'account', '/', 'http://localhost', false, true,
           repeat(md5('left' || n), 10), ${at}, ${at} + interval '10 minutes', case when n % 10 > 0 then ${at} + interval '9 seconds' end
      from generate_series(1, ${count}) as n`)
  await db.run(sql`
    insert into identity.arrival (id, browser_digest, provider_id, identity_sealed, audience, return_to, created_at, expires_at, used_at)
    select pg_temp.made_id('arr', ${literal(now.getTime())}::bigint - n, n), sha256(('browser' || n)::bytea), ${providerOf(sql`n`)},
           repeat(md5('arrived' || n), 20), 'account', '/', ${at}, ${at} + interval '10 minutes',
           case when n % 3 > 0 then ${at} + interval '1 minute' end
      from generate_series(1, ${count}, 10) as n`)
  await db.run(sql`
    insert into identity.passkey_challenge (id, digest, purpose, user_id, browser_digest, audience, return_to, created_at, expires_at,
                                            used_at)
    select pg_temp.made_id('pkc', ${literal(now.getTime())}::bigint - n, n), sha256(('ceremony' || n)::bytea),
           case when n % 10 = 0 then 'enrol' else 'sign-in' end,
           case when n % 10 = 0 then ${userId(skewed(sql`n`, size.users, 28), all)} end,
           sha256(('browser' || n)::bytea), 'account', '/', ${at}, ${at} + interval '5 minutes',
           case when n % 2 = 0 then ${at} + interval '9 seconds' end
      from generate_series(1, ${count}) as n`)
}

/** One organisation in fifty said how its people sign in, the largest among them. */
export async function insertPolicies(db: Queries, portion: Portion): Promise<void> {
  const { size, now } = portion
  const all = whole(portion)
  const chosen = sql`(select n from generate_series(0, ${literal(size.organizations)} - 1, 50) as n) as chosen`
  const policy = sql`jsonb_build_object(
      'provider_id', case when n = 0 then ${providerId(sql`1`)} else ${providerOf(sql`n`)} end,
      'ordinary', case when n % 3 = 1 then '["provider"]'::jsonb else '["provider","passkey","email"]'::jsonb end,
      'demands', (array['nothing','provider','second-factor'])[1 + n % 3],
      'passkeys', case when n % 500 = 50 then 'required' else 'offered' end,
      'fail_over', jsonb_build_object('ways', case when n % 3 = 0 then '["passkey","email"]'::jsonb else '["passkey"]'::jsonb end,
                                      'seen_within_days', 30, 'session_minutes', 60, 'unknown_opens', false))`
  await db.run(sql`
    insert into identity.sign_in_policy (organization_id, policy, epoch, changed_at, changed_by, demanded_since)
    select ${organizationId(sql`n`, all)}, ${policy}, 3, ${now}::timestamptz - interval '60 days', 'command line',
           ${now}::timestamptz - interval '60 days'
      from ${chosen}`)
  await db.run(sql`
    insert into identity.sign_in_policy_change (id, organization_id, policy, asked_at, asked_by, reason, takes_effect_at, settled_at,
                                                settled_as)
    select pg_temp.made_id('spc', ${literal(now.getTime())}::bigint - back * 86400000::bigint, n * 10 + back),
           ${organizationId(sql`n`, all)}, ${policy}, ${now}::timestamptz - interval '1 day' * back, 'command line', 'asked for',
           ${now}::timestamptz - interval '1 day' * (back - 1), case when back > 0 then ${now}::timestamptz - interval '1 day' * (back - 1) end,
           case when back > 0 then 'applied' end
      from ${chosen}
     cross join generate_series(0, 3) as back
     where back > 0 or n % 2000 = 0`)
}

/** Whoever was let in, and who was not: of the sessions that were begun in outages. */
export async function insertFailOver(db: Queries, portion: Portion): Promise<void> {
  const { size, now } = portion
  const all = whole(portion)
  await db.run(sql`
    insert into identity.fail_over_sign_in (id, user_id, organization_id, provider_id, epoch, method, session_id, at, due_at, proved_at,
                                            told_at)
    select 'fos' || substr(id, 4), user_id, organization_id, stands_in_for, 40,
           (array['passkey','passkey','code','link'])[1 + (hashtext(id) & 3)], id, created_at, due_at,
           case when due_at is not null and ended_at is not null then due_at - interval '5 minutes' end, created_at + interval '2 minutes'
      from sessions.session
     where stands_in_for is not null`)
  await db.run(sql`
    insert into identity.fail_over_refusal (hour, organization_id, reason, count)
    select date_trunc('hour', ${now}::timestamptz) - interval '1 hour' * back, ${organizationId(sql`n`, all)}, reason, 3
      from (values (0), (1), (2), (200), (201), (700), (701), (5000), (5001), (5002)) as outages (back)
     cross join generate_series(0, ${literal(size.organizations)} - 1, 100) as n
     cross join (values ('weaker_than_demanded'), ('not_linked')) as reasons (reason)`)
  await db.run(sql`
    insert into identity.fail_over_exercise (method, at, process_id, is_good, took_ms)
    select method, ${now}::timestamptz - interval '3 minutes' * back, 'access-1', back % 5000 <> 7, 60
      from generate_series(${literal(Math.min(14_400, size.users))}, 0, -1) as back
     cross join (values ('passkey'), ('code')) as methods (method)`)
  await db.run(sql`
    insert into identity.rescue (id, organization_id, user_id, audience, digest, hand_over, reason, issued_by, created_at, expires_at,
                                 used_at)
    select pg_temp.made_id('rsc', ${literal(now.getTime())}::bigint - n * 86400000::bigint, n), ${organizationId(sql`n`, all)},
           ${userId(skewed(sql`n`, size.users, 29), all)}, 'account', sha256(('rescue' || n)::bytea), 'mail', 'locked out', ${userId(sql`1`, all)},
           ${now}::timestamptz - interval '1 day' * n, ${now}::timestamptz - interval '1 day' * n + interval '30 minutes',
           ${now}::timestamptz - interval '1 day' * n + interval '9 minutes'
      from generate_series(1, 199) as n`)
}

/** Numbered as ends are; what verifiers have to know. */
export async function insertDeadlines(db: Queries, now: Date): Promise<void> {
  await db.run(sql`
    insert into sessions.deadline (seq, session_id, due_at, forget_at)
    select head.seq + row_number() over (order by id), id, due_at, ${now}::timestamptz + interval '1 day'
      from sessions.session
     cross join sessions.revocation_head as head
     where due_at is not null
       and ended_at is null`)
  await db.run(sql`
    update sessions.revocation_head
       set seq = greatest(seq, (select coalesce(max(seq), 0) from sessions.deadline))`)
  await db.run(sql`update sessions.sign_out_watch set seq = (select seq from sessions.revocation_head)`)
}

/** As if the job had counted: who could not, or by less than a passkey, and the sums. */
export async function insertReadiness(db: Queries, { now }: Portion): Promise<void> {
  await db.run(sql`
    insert into identity.mail_host (domain, hosts, looked_up_at, wanted_at, tried_at)
    select domain, array['mx.' || domain], ${now}, ${now}, ${now}
      from (select 'firm' || n || '.example' as domain from generate_series(0, ${literal(FIRMS)} - 1) as n
            union all values ('gmail.example'), ('post.example')) as known`)
  // Without, PostgreSQL takes the tables for small and joins them row by row, while they have no index.
  await db.run(sql`analyze identity.user, identity.linked_identity, identity.passkey, tenants.membership`)
  const active = sql`
    (select linked.provider_id, belonging.organization_id, linked.user_id, passkey.user_id is not null as has_passkey
       from (select distinct provider_id, user_id from identity.linked_identity) as linked
       join identity.user person on person.id = linked.user_id
       join (select user_id, organization_id from tenants.membership
             union all select id, '' from identity.user) as belonging on belonging.user_id = linked.user_id
       left join (select distinct user_id from identity.passkey) as passkey on passkey.user_id = linked.user_id
      where person.last_sign_in_at > ${now}::timestamptz - interval '30 days'
        and person.blocked_at is null
        and person.deletes_at is null) as active`
  await db.run(sql`
    insert into identity.readiness_person (provider_id, organization_id, user_id, able, why)
    select provider_id, organization_id, user_id,
           case when hashtext(user_id) % 10 = 0 then 'no' when hashtext(user_id) % 20 = 1 then 'provider' else 'email' end,
           case when hashtext(user_id) % 100 = 0 then 'closed' when hashtext(user_id) % 10 = 0 then 'not_seen_lately'
                when hashtext(user_id) % 20 = 1 then 'other_provider' else 'email_only' end
      from ${active}
     where not has_passkey`)
  await db.run(sql`
    insert into identity.readiness (provider_id, organization_id, active, passkey, provider, email, unknown, no, whys, counted_at)
    select provider_id, organization_id, count(*), count(*) filter (where has_passkey),
           0, count(*) filter (where not has_passkey and hashtext(user_id) % 10 <> 0), 0,
           count(*) filter (where not has_passkey and hashtext(user_id) % 10 = 0), '{}', ${now}
      from ${active}
     group by provider_id, organization_id`)
}
