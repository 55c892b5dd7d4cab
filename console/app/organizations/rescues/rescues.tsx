import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import type { Organization, Rescue, RescueState } from '../../api/wire/organizations.ts'
import { AskDeed } from '../../form/ask-deed.tsx'
import { listQuery } from '../../list/list-query.ts'
import { api, type OrganizationAsk, to } from '../../paths.ts'
import { Reading } from '../../reading/reading.tsx'
import { ActButton } from '../../ui/act-button.tsx'
import { LineBeneath, LineHead, Lines } from '../../ui/lines.tsx'
import { PanelPart } from '../../ui/panel.tsx'
import { PlainMark } from '../../ui/plain-mark.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Moment, Time } from '../../ui/time.tsx'
import { sayUser } from '../../users/say-user.ts'
import { LetIn } from './let-in.tsx'
import classes from './rescues.module.css'

/** The newest are enough here; the audit has them all. */
const SHOWN_MAX = 5

interface RescuesProps {
  organization: Organization
  ask: OrganizationAsk | undefined
  reason: string | null
  onAsk: (ask: OrganizationAsk | undefined) => void
}

/** Break-glass for an administrator of a customer, who is locked out. */
export function Rescues({ organization, ask, reason, onAsk }: RescuesProps) {
  const path = (asked: Parameters<typeof api.rescues>[0]) => api.rescues(asked)
  const rescues = useQuery(listQuery<Rescue>('rescues', path, { organization_id: organization.id }))
  const [withdrawn, setWithdrawn] = useState<Rescue | null>(null)
  return (
    <PanelPart title="An administrator of theirs is locked out">
      <p className={classes.about}>
        When neither the provider nor a passkey of theirs works and nobody of {organization.name} can help, you can let
        one of its owners or administrators in, once and for an hour. All who manage it are told, with your name.
      </p>
      <ActButton variant="default" reason={reason} onClick={() => onAsk('rescue')}>
        Let somebody in
      </ActButton>
      <Reading query={rescues} about="rescues" waiting={null}>
        {({ data }, seen) =>
          data.length > 0 && (
            <div className={classes.made} data-old={seen.isOld || undefined}>
              <Lines aria-label="Rescues">
                {data.slice(0, SHOWN_MAX).map((rescue) => (
                  <OneRescue
                    key={rescue.id}
                    rescue={rescue}
                    isOld={seen.isOld}
                    reason={reason}
                    onWithdraw={() => setWithdrawn(rescue)}
                  />
                ))}
              </Lines>
            </div>
          )
        }
      </Reading>
      <LetIn organization={organization} isAsked={ask === 'rescue'} reason={reason} onClose={() => onAsk(undefined)} />
      {withdrawn && <Withdraw rescue={withdrawn} onClose={() => setWithdrawn(null)} />}
    </PanelPart>
  )
}

interface OneRescueProps {
  rescue: Rescue
  isOld: boolean
  reason: string | null
  onWithdraw: () => void
}

function OneRescue({ rescue, isOld, reason, onWithdraw }: OneRescueProps) {
  const { user, issued_by, created_at, state, reason: why } = rescue
  return (
    <li>
      <LineHead>
        <TextLink to={to.user(user.id)}>{sayUser(user)}</TextLink>
        {(state === 'waiting' || state === 'used') && (
          <ActButton
            variant="subtle"
            size="compact-xs"
            reason={reason}
            aria-label={`Take back the way in of ${sayUser(user)}`}
            onClick={onWithdraw}
          >
            Take back
          </ActButton>
        )}
      </LineHead>
      <RescueMark rescue={rescue} isOld={isOld} />
      <LineBeneath>
        Made by <TextLink to={to.user(issued_by.id)}>{issued_by.name ?? issued_by.id}</TextLink>,{' '}
        <Time at={created_at} />
      </LineBeneath>
      <LineBeneath>“{why}”</LineBeneath>
    </li>
  )
}

const words: Record<Exclude<RescueState, 'waiting'>, string> = {
  used: 'Used',
  lapsed: 'Not used in time',
  withdrawn: 'Taken back',
}

function RescueMark({ rescue: { state, expires_at, used_at }, isOld }: { rescue: Rescue; isOld: boolean }) {
  if (state !== 'waiting') {
    return (
      <PlainMark>
        {words[state] ?? state}
        {state === 'used' && used_at && (
          <>
            {' '}
            <Time at={used_at} />
          </>
        )}
      </PlainMark>
    )
  }
  return (
    <StateMark state={isOld ? 'unknown' : 'degraded'}>
      {isOld ? 'Not known, was waiting' : 'Waits to be used'} until <Moment at={expires_at} />
    </StateMark>
  )
}

function Withdraw({ rescue: { id, user, state }, onClose }: { rescue: Rescue; onClose: () => void }) {
  return (
    <AskDeed
      isOpen
      title="Take the way in back?"
      yes="Take it back"
      isDestructive={state === 'used'}
      deed={(idempotencyKey) => call({ path: api.rescue(id), method: 'DELETE', idempotencyKey })}
      said={() => ({ title: 'The way in is taken back', message: 'What it began has ended.' })}
      onClose={onClose}
    >
      <p>
        {state === 'used'
          ? `The session of ${sayUser(user)} that it began ends at once.`
          : `The code opens nothing any more. Who has it cannot sign in by it.`}
      </p>
    </AskDeed>
  )
}
