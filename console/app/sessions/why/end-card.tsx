import { Link } from '@tanstack/react-router'
import type { SessionEnd } from '../../api/wire/sessions.ts'
import { to } from '../../paths.ts'
import { sayDuration } from '../../ui/moment.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Facts } from '../../ui/panel.tsx'
import { PlainMark } from '../../ui/plain-mark.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { Ago, Time } from '../../ui/time.tsx'
import { sayApplication } from '../session-state.ts'
import classes from './end-card.module.css'
import { sayEnd } from './say-end.ts'
import { VerifiersSaid } from './verifiers-said.tsx'

interface EndCardProps {
  end: SessionEnd
  isOld: boolean
  isOpen: boolean
}

/** One end and everything it rests on. Shut it is a line; a person may have had many. */
export function EndCard({ end, isOld, isOpen }: EndCardProps) {
  const { user, device, audience } = end
  return (
    <details className={classes.card} open={isOpen}>
      <summary className={classes.line}>
        <span className={classes.who}>
          <strong>{user.name ?? user.email ?? user.id}</strong>
          <span className={classes.where}>
            {sayApplication(audience)} · {device.name}
          </span>
        </span>
        <span className={classes.said}>{sayEnd(end)}</span>
        <EndMark end={end} isOld={isOld} />
      </summary>
      <div className={classes.body}>
        <div className={classes.facts}>
          <EndFacts end={end} />
        </div>
        <VerifiersSaid verifiers={end.verifiers} endedAt={end.ended_at} />
      </div>
    </details>
  )
}

function EndMark({ end: { ended_at, is_usual }, isOld }: { end: SessionEnd; isOld: boolean }) {
  if (!ended_at) {
    return isOld ? <StateMark state="unknown">Not known, was live</StateMark> : <StateMark state="ok">Live</StateMark>
  }
  return (
    <span className={classes.marks}>
      <PlainMark>
        Ended <Ago at={ended_at} />
      </PlainMark>
      {!is_usual && <StateMark state="degraded">Unusual</StateMark>}
    </span>
  )
}

function EndFacts({ end }: { end: SessionEnd }) {
  const { session_id, user, device, reason, ended_by: by } = end
  return (
    <Facts
      facts={[
        ...(end.ended_at
          ? ([
              ['Ended', <Time key="ended" at={end.ended_at} />],
              ['Reason', <Reason key="reason" sentence={end.sentence} code={reason} />],
              ['By', by ? <Author key="by" by={by} /> : 'Not recorded'],
            ] as const)
          : []),
        ['Began', <Time key="began" at={end.began_at} />],
        ['Last seen', <Time key="seen" at={end.last_seen_at} />],
        ['Ends unused', `after ${sayDuration(end.idle_after_s * 1000)}`],
        ['Device', device.name],
        ['Address', <Copyable key="address" value={device.address} />],
        ['Application', sayApplication(end.audience)],
        [
          'User',
          <Link key="user" {...to.user(user.id, { part: 'sessions' })} className={classes.link}>
            {user.email ?? user.id}
          </Link>,
        ],
        [
          'Session',
          <span key="session" className={classes.session}>
            <Copyable value={session_id} />
            <Link {...to.session(session_id, { state: 'all' })} className={classes.link}>
              Open
            </Link>
          </span>,
        ],
      ]}
    />
  )
}

function Reason({ sentence, code }: { sentence: string; code: string | null }) {
  return (
    <>
      {sentence} {code && <code className={classes.code}>{code}</code>}
    </>
  )
}

function Author({ by: { kind, id, label, device } }: { by: NonNullable<SessionEnd['ended_by']> }) {
  const place = kind === 'token' ? to.token(id) : to.user(id)
  return (
    <>
      {kind === 'holdfast' ? (
        label
      ) : (
        <Link {...place} className={classes.link}>
          {kind === 'person' ? 'The person themselves' : label}
        </Link>
      )}
      {device && `, ${device}`}
    </>
  )
}
