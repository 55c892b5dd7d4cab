import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/call.ts'
import type { CodeSet } from '../api/wire/installation.ts'
import { AskDeed } from '../form/ask-deed.tsx'
import { api, to } from '../paths.ts'
import { overviewQuery } from '../reading/overview.ts'
import { ReadAt, Reading } from '../reading/reading.tsx'
import { signedInQuery } from '../reading/signed-in.ts'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ActButton } from '../ui/act-button.tsx'
import { Card } from '../ui/card.tsx'
import { SecretOnce } from '../ui/secret-once.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { type State, StateMark } from '../ui/state-mark.tsx'
import { Time } from '../ui/time.tsx'
import { useAsking } from '../ui/use-asking.ts'
import classes from './break-glass.module.css'
import { codeSetsQuery } from './read-staff.ts'
import { sayPerson } from './staff-role.ts'

/** With fewer than this, two bad days in a row leave somebody outside. */
const FEW = 3

/** Printed codes: the way in for administrators when no mail can be sent. */
export function BreakGlass() {
  const reason = useReasonNotTo('settings:write')
  const { ask } = useSearch({ from: '/staff' })
  const [isAsking, { open, close }] = useAsking(ask === 'print', {
    asking: to.staff({ ask: 'print' }),
    silent: to.staff(),
  })
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  return (
    <Card
      title="Break-glass codes"
      aside={
        <ActButton reason={reason} variant="default" onClick={open}>
          Print a set for yourself
        </ActButton>
      }
    >
      <p className={classes.purpose}>
        Ten codes on paper, each good for one sign-in to this console, also while both mail providers are down. Keep
        them where you keep the keys of the building.
      </p>
      <Reading query={useQuery(codeSetsQuery)} about="printed codes" waiting={<RowsToCome rows={2} />}>
        {({ sets }, seen) => (
          <>
            {sets.length === 0 ? (
              <p className={classes.none}>
                <StateMark state="degraded">Nobody has printed any yet</StateMark>
              </p>
            ) : (
              <ul className={classes.sets} aria-label="Printed codes">
                {sets.map((set) => (
                  <OneSet key={set.user.id} set={set} isOld={seen.isOld} />
                ))}
              </ul>
            )}
            <p className={classes.foot}>
              <ReadAt seen={seen} />
            </p>
          </>
        )}
      </Reading>
      <AskDeed
        isOpen={isAsking}
        onClose={close}
        title="Print a new set of codes?"
        yes="Make ten codes"
        deed={printCodes}
        said={() => null}
        onDone={(made) => setCodes(made.codes)}
      >
        <p>
          They are shown once. <strong>The codes of your set before stop working</strong>, used or not. Others keep
          theirs.
        </p>
      </AskDeed>
      <Shown codes={codes} onStored={() => setCodes(null)} />
    </Card>
  )
}

function printCodes(idempotencyKey: string) {
  return call<{ codes: string[] }>({ path: api.breakGlassCodes(), method: 'POST', idempotencyKey })
}

function Shown({ codes, onStored }: { codes: readonly string[] | null; onStored: () => void }) {
  const user = useQuery(signedInQuery).data?.session.user
  const environment = useQuery(overviewQuery).data?.environment
  return (
    <SecretOnce
      isOpen={codes !== null}
      title="Break-glass codes"
      label="Break-glass codes"
      secrets={codes ?? []}
      printed={
        <p>
          Holdfast {environment}, for {user && sayPerson(user)}. Each code signs in once, at{' '}
          {`${location.origin}/sign-in/break-glass`}.
        </p>
      }
      onStored={onStored}
    >
      <p>
        Print them and put the paper somewhere safe. Whoever holds it and knows your address can sign in as you, so it
        does not belong in a mailbox or a chat.
      </p>
    </SecretOnce>
  )
}

function OneSet({ set: { user, printed_at, left }, isOld }: { set: CodeSet; isOld: boolean }) {
  return (
    <li>
      <span className={classes.who}>{sayPerson(user)}</span>
      <StateMark state={isOld ? 'unknown' : stateOf(left, printed_at)}>{sayLeft(left, printed_at)}</StateMark>
      <span className={classes.when}>
        {printed_at && (
          <>
            Printed <Time at={printed_at} />
          </>
        )}
      </span>
    </li>
  )
}

function stateOf(left: number, printedAt: string | null): State {
  if (printedAt !== null && left === 0) return 'failing'
  return printedAt === null || left < FEW ? 'degraded' : 'ok'
}

function sayLeft(left: number, printedAt: string | null): string {
  if (printedAt === null) return 'Never printed'
  return left === 0 ? 'None left' : `${left} left`
}
