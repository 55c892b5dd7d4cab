import { type Queries, type Statement, sql } from '../../platform/database/index.ts'
import { APPLICATIONS, IN_LARGEST, OF_BUSIEST, PROVIDERS, type Size, span, TOKENS } from './size.ts'

/** Rows with numbers `from`, included, to `to`, excluded, of as many as there will be. */
export interface Portion {
  from: number
  to: number
  size: Size
  now: Date
}

/** Gone with the connection: they make ids and names of numbers, always the same ones. */
export async function makeFunctions(db: Queries): Promise<void> {
  const alphabet = sql`'0123456789abcdefghjkmnpqrstvwxyz'`
  const letter = (shift: Statement) => sql`substr(${alphabet}, (((ms >> ${shift}) & 31) + 1)::int, 1)`
  const head = [45, 40, 35, 30, 25, 20, 15, 10, 5, 0].map((shift) => letter(literal(shift)))
  await db.run(sql`
    create function pg_temp.made_id(prefix text, ms bigint, n bigint) returns text language sql immutable as $$
      select prefix || '_' || ${joined(head, sql` || `)} || substr(md5(prefix || n), 1, 16)
    $$`)
  await db.run(sql`
    create function pg_temp.chance(n bigint, salt bigint) returns float8 language sql immutable as $$
      select (hashint8extended(n, salt) & 2147483647) / 2147483648.0
    $$`)
  await db.run(sql`
    create function pg_temp.made_name(n bigint) returns text language sql immutable as $$
      select case when n between 1 and 40 then 'Zephyrine'
                  else (array['Anna','Ben','Carla','David','Elif','Farid','Greta','Hugo','Ines','Jan','Kira','Luca','Mara',
                              'Noah','Olga','Paul','Rosa','Sven','Tara','Umut','Vera','Wim','Xenia','Yara','Zoe','Amir',
                              'Bea','Cem','Dora','Emil','Fee','Gil','Hana','Ilja','Jule','Karl','Lena','Max','Nele',
                              'Otto','Pia','Quinn','Rolf','Sara','Timo','Uwe','Viola','Willi','Yusuf','Zita'])
                         [1 + floor(50 * pg_temp.chance(n, 1) * pg_temp.chance(n, 2))::int] end
             || ' ' || initcap(substr(md5('family' || (n % 20011)), 1, 7))
    $$`)
  await db.run(sql`
    create function pg_temp.made_email(n bigint) returns text language sql immutable as $$
      select lower(replace(pg_temp.made_name(n), ' ', '.')) || n || '@'
             || case when pg_temp.chance(n, 3) < 0.4 then 'gmail.example'
                     when pg_temp.chance(n, 3) < 0.6 then 'post.example'
                     else 'firm' || (n % 9973) || '.example' end
    $$`)
}

/** Numbers that are ours, in places where PostgreSQL takes no parameter. */
export function literal(value: number): Statement {
  return sql(Object.assign([String(Math.trunc(value))], { raw: [] }) as unknown as TemplateStringsArray)
}

const joined = (parts: readonly Statement[], between: Statement): Statement =>
  parts.reduce((all, part) => sql`${all}${between}${part}`)

type Kind = keyof typeof span
const prefixes = { user: 'usr', organization: 'org', membership: 'mem', invitation: 'inv', session: 'ses' } as const

/** When number `n` of `count` came: evenly over the span, the last one now. */
const cameMs = (kind: Kind, n: Statement, count: number, now: Date) =>
  sql`(${literal(now.getTime() - span[kind])}::bigint + (${n})::bigint * ${literal(span[kind])}::bigint / ${literal(count)})`
export const cameAt = (kind: Kind, n: Statement, count: number, now: Date) =>
  sql`to_timestamp(${cameMs(kind, n, count, now)} / 1000.0)`
const idOf = (kind: keyof typeof prefixes, n: Statement, count: number, now: Date) =>
  sql`pg_temp.made_id('${plain(prefixes[kind])}', ${cameMs(kind, n, count, now)}, (${n})::bigint)`
function plain(word: string): Statement {
  return sql(Object.assign([word.replace(/[^a-z]/g, '')], { raw: [] }) as unknown as TemplateStringsArray)
}

export const userId = (n: Statement, { size, now }: Portion) => idOf('user', n, size.users, now)
export const organizationId = (n: Statement, { size, now }: Portion) => idOf('organization', n, size.organizations, now)
/** As the features name them; numbers below `APPLICATIONS`. */
export const audience = (n: Statement) => sql`('app_scale' || (${n}) % ${literal(APPLICATIONS)})`
export const numbers = ({ from, to }: Portion) => sql`generate_series(${from}::bigint, ${to - 1}::bigint) as n`
/** Many choose few: the square lies near nought. */
export const skewed = (n: Statement, count: number, salt: number) =>
  sql`floor(${literal(count)} * power(pg_temp.chance(${n}, ${literal(salt)}), 2))::bigint`

/** Of person `n`: three of ten within the last month. */
export const lastSignInAt = (now: Date) => sql`(${now}::timestamptz - pg_temp.chance(n, 4) * interval '100 days')`

export async function insertUsers(db: Queries, portion: Portion): Promise<void> {
  const { size, now } = portion
  const at = cameAt('user', sql`n`, size.users, now)
  await db.run(sql`
    insert into identity.user (id, email, email_key, name, locale, created_at, last_sign_in_at, email_proved_at,
                               blocked_at, blocked_reason, blocked_by, deletion_requested_at, deletion_requested_by, deletes_at)
    select ${userId(sql`n`, portion)}, pg_temp.made_email(n), pg_temp.made_email(n), pg_temp.made_name(n), 'en',
           ${at}, ${lastSignInAt(now)}, case when n % 20 <> 9 then ${at} end,
           case when n % 500 = 7 then ${now}::timestamptz - interval '2 days' end,
           case when n % 500 = 7 then 'reported' end, case when n % 500 = 7 then 'command line' end,
           case when n % 2000 = 9 then ${now}::timestamptz - interval '3 days' end,
           case when n % 2000 = 9 then 'command line' end,
           case when n % 2000 = 9 then ${now}::timestamptz + interval '27 days' end
      from ${numbers(portion)}`)
}

export async function insertKnownBrowsers(db: Queries, portion: Portion): Promise<void> {
  await db.run(sql`
    insert into identity.known_browser (user_id, browser_digest, first_seen_at, last_seen_at)
    select ${userId(sql`n`, portion)}, sha256(('browser' || n)::bytea), ${portion.now}::timestamptz - interval '90 days',
           ${portion.now}::timestamptz - pg_temp.chance(n, 5) * interval '80 days'
      from ${numbers(portion)}
     where n % 3 = 0`)
}

export async function insertOrganizations(db: Queries, portion: Portion): Promise<void> {
  const { size, now } = portion
  const at = cameAt('organization', sql`n`, size.organizations, now)
  await db.run(sql`
    insert into tenants.organization (id, name, slug, bucket, created_at, created_by, updated_at, deleted_at, deletes_at,
                                      words)
    select ${organizationId(sql`n`, portion)}, name || ' ' || kind, lower(name) || '-' || lower(kind) || '-' || n, n % 256,
           ${at}, ${userId(sql`n`, portion)}, ${at},
           case when n % 1000 = 5 then ${now}::timestamptz - interval '1 day' end,
           case when n % 1000 = 5 then ${now}::timestamptz + interval '29 days' end,
           array_to_tsvector(array[lower(name), lower(kind), n::text])
      from (select n, case when n between 1 and 20 then 'Zephyrine' else initcap(substr(md5('firm' || (n % 30011)), 1, 8)) end as name,
                   (array['GmbH','Labs','Works','Studio','Group','Partners','Systems'])[1 + n % 7] as kind
              from ${numbers(portion)}) as made`)
}

/** One organisation has every tenth person; the others' members are many here and few there. */
export async function insertMemberships(db: Queries, portion: Portion): Promise<void> {
  const { size, now } = portion
  const count = membershipsOf(size)
  const place = {
    organization: sql`case when n < ${literal(size.organizations)} then n
                           when n < ${literal(size.users)} then 1 + ${skewed(sql`n`, size.organizations - 1, 6)}
                           else 0 end`,
    user: sql`case when n < ${literal(size.users)} then n
                   else (n - ${literal(size.users)}) * ${literal(IN_LARGEST)} + 5 end`,
  }
  await db.run(sql`
    insert into tenants.membership (id, organization_id, user_id, roles, created_at, created_by)
    select ${idOf('membership', sql`n`, count, now)}, ${organizationId(sql`organization`, portion)},
           ${userId(sql`person`, portion)},
           case when n < ${literal(size.organizations)} then '{owner}' when n % 20 = 0 then '{admin}' else '{member}' end::text[],
           ${cameAt('membership', sql`n`, count, now)}, 'command line'
      from (select n, ${place.organization} as organization, ${place.user} as person from ${numbers(portion)}) as made`)
}

export const membershipsOf = ({ users }: Size) => users + Math.floor(users / IN_LARGEST)

export async function countMembers(db: Queries): Promise<void> {
  await db.run(sql`
    update tenants.organization
       set members = counted.members
      from (select organization_id, count(*)::int as members from tenants.membership group by organization_id) as counted
     where organization.id = counted.organization_id`)
}

export async function insertInvitations(db: Queries, portion: Portion): Promise<void> {
  const { size, now } = portion
  const at = cameAt('invitation', sql`n`, size.organizations * 2, now)
  await db.run(sql`
    insert into identity.invitation (id, organization_id, email, email_key, roles, application_id, pages_url, token_digest,
                                     created_at, created_by, expires_at, accepted_at, accepted_by, revoked_at, revoked_by)
    select ${idOf('invitation', sql`n`, size.organizations * 2, now)},
           ${organizationId(skewed(sql`n`, size.organizations, 7), portion)},
           'guest' || n || '@gmail.example', 'guest' || n || '@gmail.example', '{member}', ${audience(sql`n`)},
           'https://example.com', sha256(('invitation' || n)::bytea), ${at}, 'command line', ${at} + interval '7 days',
           case when n % 10 < 6 then ${at} + interval '1 day' end,
           case when n % 10 < 6 then ${userId(skewed(sql`n`, size.users, 8), portion)} end,
           case when n % 10 = 6 then ${at} + interval '2 days' end, case when n % 10 = 6 then 'command line' end
      from ${numbers(portion)}`)
}

/** Who vouches for person `n`: the first provider for a sixth of them, the last for one in eighty. */
export const providerOf = (n: Statement) => providerId(skewed(n, PROVIDERS, 22))
export const providerId = (n: Statement) => sql`('prv_scale' || lpad((${n})::text, 4, '0'))`
/** A few thousand were begun in outages and have ended; of the last one some hundred go on. */
const standsIn = sql`(n % 400 = 6 or n % 4000 = 5)`
const outageProvider = sql`case when n % 4000 = 5 then ${providerId(sql`3`)} else ${providerId(sql`n / 400 % 3`)} end`

/** A share of 1/7 is live; one person has a great many of both kinds. */
export async function insertSessions(db: Queries, portion: Portion): Promise<void> {
  const { size, now } = portion
  const at = cameAt('session', sql`n`, size.sessions, now)
  const person = sql`case when n % ${literal(OF_BUSIEST)} = 3 then 0 else ${skewed(sql`n`, size.users, 9)} end`
  await db.run(sql`
    insert into sessions.session (id, user_id, organization_id, roles, audience, person, device, amr, acr, proven_by,
                                  stands_in_for, due_at, created_at, authenticated_at, last_seen_at, expires_at, idle_ms,
                                  ended_at, end_reason, ended_by)
    select ${idOf('session', sql`n`, size.sessions, now)}, ${userId(sql`person`, portion)},
           case when n % 10 = 1 then ${organizationId(sql`0`, portion)}
                when n % 10 < 7 then ${organizationId(skewed(sql`n`, size.organizations, 10), portion)} end,
           '{member}', case when n % 1000 = 0 then 'console' when n % 50 = 4 then 'account' else ${audience(skewed(sql`n`, APPLICATIONS, 11))} end,
           jsonb_build_object('email', pg_temp.made_email(person), 'name', pg_temp.made_name(person), 'picture_url', null),
           jsonb_build_object('name', 'Firefox on Windows', 'user_agent', 'Mozilla/5.0 (Windows NT 10.0; rv:140.0)',
                              'address', '198.51.100.' || n % 250),
           '{otp}', 'aal1', case when n % 5 < 2 then ${providerOf(sql`person`)} end,
           case when ${standsIn} then ${outageProvider} end,
           case when ${standsIn} and n % 3 > 0 then least(ended, ${now}) + interval '15 minutes' end, began, began,
           case when is_live then greatest(began, ${now}::timestamptz - pg_temp.chance(n, 12) * interval '12 days')
                else ended end,
           began + interval '90 days', 1209600000,
           case when not is_live then ended end,
           case when not is_live then (array['signed_out','signed_out','signed_out','idle','idle','expired','revoked',
                                             'signed_out_elsewhere'])[1 + n % 8] end,
           case when not is_live then case when n % 8 < 3 then ${userId(sql`person`, portion)} else 'holdfast' end end
      from (select n, began, person, n % 5 = 0 and began > ${now}::timestamptz - interval '85 days' as is_live,
                   least(${now}::timestamptz - interval '1 minute' * pg_temp.chance(n, 14),
                         greatest(began + pg_temp.chance(n, 13) * interval '14 days',
                                  ${now}::timestamptz - interval '89 days' + pg_temp.chance(n, 15) * interval '1 day')) as ended
              from (select n, ${at} as began, ${person} as person from ${numbers(portion)}) as begun) as made`)
}

export async function insertHandles(db: Queries, portion: Portion): Promise<void> {
  const { size, now } = portion
  await db.run(sql`
    insert into sessions.handle (digest, session_id, issued_at, seen_at)
    select sha256(('handle' || n)::bytea), ${idOf('session', sql`n`, size.sessions, now)},
           ${cameAt('session', sql`n`, size.sessions, now)}, ${cameAt('session', sql`n`, size.sessions, now)}
      from ${numbers(portion)}`)
}

/** Of the last day: what verifiers have to know. */
export async function insertRevocations(db: Queries, now: Date): Promise<void> {
  await db.run(sql`
    insert into sessions.revocation (seq, session_id, reason, at, forget_at)
    select row_number() over (order by ended_at, id), id, end_reason, ended_at, ended_at + interval '1 day'
      from sessions.session
     where ended_at > ${now}::timestamptz - interval '1 day'`)
  await db.run(sql`update sessions.revocation_head set seq = (select coalesce(max(seq), 0) from sessions.revocation)`)
  await db.run(sql`update sessions.sign_out_watch set seq = (select seq from sessions.revocation_head)`)
}

export async function insertEntries(db: Queries, portion: Portion): Promise<void> {
  const { size, now } = portion
  const at = cameAt('entry', sql`n`, size.users, now)
  await db.run(sql`
    insert into audit.entry (at, action, actor_kind, actor_id, subject_kind, subject_id, organization_id, facts, address,
                             user_agent)
    select ${at},
           case when n % 10 < 5 then 'session.ended' when n % 10 < 7 then 'user.profile-changed'
                when n % 10 = 7 then 'membership.created' when n % 100 = 8 then 'user.blocked'
                when n % 10 = 8 then 'invitation.created' when n % 10000 = 9 then 'signing-key.rotated'
                else 'user.created' end,
           case when n % 10 = 8 then 'token' else 'person' end,
           case when n % 10 = 8 then ${tokenId(sql`n`)} when n % 10 = 7 then ${userId(sql`0`, portion)}
                else ${userId(skewed(sql`n`, size.users, 16), portion)} end,
           'user', ${userId(skewed(sql`n`, size.users, 16), portion)},
           case when n % 10 = 7 then ${organizationId(sql`0`, portion)}
                when n % 10 = 8 then ${organizationId(skewed(sql`n`, size.organizations, 17), portion)} end,
           '{}', '198.51.100.' || n % 250, 'Mozilla/5.0 (Windows NT 10.0; rv:140.0)'
      from ${numbers(portion)}
     order by n`)
}

/** As if the job had been at work all along: the newest thousand are still to be sealed. Nobody verifies this chain. */
export async function insertSeal(db: Queries, now: Date): Promise<void> {
  await db.run(sql`
    insert into audit.seal (number, line, after_id, from_xid, from_id, to_xid, to_id, count, first_id, last_id, leaves,
                            previous_digest, digest, mac, sealed_at)
    select 1, 1, 0, '0', 0, xid, id, 1, 1, id, '', sha256(''), sha256('1'), sha256('2'), ${now}
      from audit.entry
     order by xid desc, id desc
    offset 1000
     limit 1`)
}

export async function insertSignals(db: Queries, portion: Portion): Promise<void> {
  const { size, now } = portion
  await db.run(sql`
    insert into signals.signal (at, kind, subject, facts)
    select ${cameAt('signal', sql`n`, size.users, now)},
           (array['sign-in.started','sign-in.succeeded','sign-in.failed','session.started','session.ended','mail.sent',
                  'sign-in.started','sign-in.succeeded','session.started','session.ended'])[1 + n % 10],
           ${userId(skewed(sql`n`, size.users, 18), portion)},
           jsonb_build_object('method', (array['code','link'])[1 + n % 2], 'seconds', round((40 * pg_temp.chance(n, 19))::numeric, 1))
      from ${numbers(portion)}
     order by n`)
}

/** Days of a year for everybody, the largest organisation and one in a hundred others; finer steps as long as they are kept. */
export async function insertBuckets(db: Queries, { size, now }: Portion): Promise<void> {
  const all = { from: 0, to: 1, size, now }
  const measured = sql`(values ('sign_ins', ''), ('sign_ins', 'code'), ('sign_ins', 'link'), ('sign_in_success', ''),
                               ('sign_in_success', 'code'), ('sign_in_success', 'link'), ('sign_in_failed', ''),
                               ('sign_in_failed_by_reason', 'wrong_code'), ('sign_in_failed_by_reason', 'expired'),
                               ('sign_in_seconds', ''), ('sign_in_seconds', 'code'), ('sessions_started', ''),
                               ('sessions_ended', ''), ('sessions', ''), ('observed', '')) as measured (measure, method)`
  const histogram = sql`case when measure = 'sign_in_seconds' then array_fill(3, array[64]) end`
  for (const [step, length] of [
    ['60', 2 * 1440],
    ['600', 40 * 144],
    ['86400', 366],
  ] as const) {
    await db.run(sql`
      insert into statistics.bucket (organization_id, step, at, measure, method, count, sum, histogram)
      select organization.id, ${step}::int,
             to_timestamp((floor(extract(epoch from ${now}::timestamptz) / ${step}::int) - back) * ${step}::int), measure, method,
             case when measure = 'observed' then ${step}::int / 60 else 1 + back % 40 end, 100, ${histogram}
        from (values (''), (${organizationId(sql`0`, all)})) as organization (id)
       cross join generate_series(0, least(${length}::int, ${size.users}::int / 10) - 1) as back
       cross join ${measured}`)
  }
  await db.run(sql`
    insert into statistics.bucket (organization_id, step, at, measure, method, count, sum)
    select ${organizationId(sql`n`, all)}, 86400,
           to_timestamp((floor(extract(epoch from ${now}::timestamptz) / 86400) - back) * 86400), measure, '', 1 + back % 9, 0
      from generate_series(1, ${literal(size.organizations)} - 1, 100) as n
     cross join generate_series(0, 364) as back
     cross join (values ('sign_ins'), ('sign_in_success'), ('sessions_started')) as measured (measure)`)
  await db.run(sql`
    insert into statistics.progress (counted_until, days_until)
    values (${now}, date_trunc('day', ${now}::timestamptz))
    on conflict do nothing`)
}

const tokenId = (n: Statement) => sql`('tok_00000000' || lpad(((${n}) % ${literal(TOKENS)})::text, 6, '0'))`

/** What there is little of, in any installation. */
export async function insertFew(db: Queries, { size, now }: Portion): Promise<void> {
  const all = { from: 0, to: 1, size, now }
  await db.run(sql`
    insert into applications.application (id, name, origins, key_digest, key_hint, key_created_at, created_at)
    select ${audience(sql`n`)}, 'Product ' || n, array['https://product' || n || '.example'], sha256(('key' || n)::bytea), 'abcd',
           ${now}, ${now}
      from generate_series(0, ${literal(APPLICATIONS)} - 1) as n`)
  await db.run(sql`
    insert into tokens.token (id, name, digest, hint, scopes, created_at, created_by, expires_at, revoked_at, revoked_by)
    select ${tokenId(sql`n`)}, 'Export ' || n, sha256(('token' || n)::bytea), 'abcd', '{users:read}',
           ${now}::timestamptz - interval '1 day' * (n % 300), 'command line',
           case when n % 3 = 0 then ${now}::timestamptz + interval '1 day' * (n % 90 - 20) end,
           case when n % 4 = 0 then ${now}::timestamptz - interval '1 day' end, case when n % 4 = 0 then 'command line' end
      from generate_series(0, ${literal(TOKENS)} - 1) as n`)
  await db.run(sql`
    insert into environment.administrator (user_id, granted_at, granted_by, role)
    select ${userId(sql`n`, all)}, ${now}, 'command line', case when n < 2 then 'administrator' else 'support' end
      from generate_series(0, 9) as n`)
  await db.run(sql`
    insert into identity.impersonation (id, user_id, audience, staff_id, staff_name, reason, minutes, created_at,
                                        token_digest, token_expires_at)
    select pg_temp.made_id('imp', ${literal(now.getTime())}::bigint - n * 60000, n), ${userId(sql`n`, all)}, 'account',
           ${userId(sql`1`, all)}, 'Ben', 'A question', 15, ${now}::timestamptz - interval '1 minute' * n,
           sha256(('impersonation' || n)::bytea), ${now}::timestamptz - interval '1 minute' * (n - 5)
      from generate_series(0, least(2000, ${literal(size.users)} / 10)) as n`)
  await db.run(sql`
    insert into backups.run (id, kind, started_at, ended_at, archive, size, snapshot_at)
    select pg_temp.made_id('run', ${literal(now.getTime())}::bigint - n * 3600000::bigint, n), case when n % 7 = 0 then 'proof' else 'backup' end,
           ${now}::timestamptz - interval '1 hour' * n, ${now}::timestamptz - interval '1 hour' * n, 'archive-' || n, 1000000,
           ${now}::timestamptz - interval '1 hour' * n
      from generate_series(0, 999) as n`)
}

/** What verifiers said: a week of minutes, each application's two instances. */
export async function insertVerdicts(db: Queries, { size, now }: Portion): Promise<void> {
  const minutes = Math.min(7 * 1440, Math.max(60, Math.floor(size.users / 100)))
  await db.run(sql`
    insert into sessions.verifier_minute (minute, kind, audience, instance, counts, lag_ms, reported_at)
    select date_trunc('minute', ${now}::timestamptz) - interval '1 minute' * back,
           case when n < 2 then 'access' else 'application' end, ${audience(sql`n / 2`)}, 'instance-' || n % 2,
           '{"valid//proof": 120, "invalid/idle/database": 3, "invalid/signed_out/memory": 1}', 900, ${now}
      from generate_series(0, ${minutes}::int - 1) as back
     cross join generate_series(0, 19) as n`)
  await db.run(sql`
    insert into sessions.sign_out_minute (minute, reason, ended, people)
    select date_trunc('minute', ${now}::timestamptz) - interval '1 minute' * back, reason, 5, 4
      from generate_series(0, ${minutes}::int - 1) as back
     cross join (values ('signed_out'), ('idle'), ('expired'), ('revoked'), ('refused')) as told (reason)`)
}
