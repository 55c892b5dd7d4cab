import { useQuery } from '@tanstack/react-query'
import type { SignInPolicyInForce } from '../../api/wire/fail-over.ts'
import type { Organization } from '../../api/wire/organizations.ts'
import { type OrganizationAsk, to } from '../../paths.ts'
import { providersQuery } from '../../providers/read-providers.ts'
import { AbleBar } from '../../providers/readiness/able-bar.tsx'
import { ReadAt, Reading, type Seen } from '../../reading/reading.tsx'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { ActButton } from '../../ui/act-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PanelFoot, PanelPart } from '../../ui/panel.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Moment, Time } from '../../ui/time.tsx'
import { Rescues } from '../rescues/rescues.tsx'
import { EditPolicy } from './edit-policy.tsx'
import { policyQuery, previewQuery } from './read-policy.ts'
import { sayPolicy } from './say-policy.ts'
import { Sentences } from './sentences.tsx'
import classes from './sign-in-part.module.css'
import { WithdrawPolicy } from './withdraw-policy.tsx'

interface SignInPartProps {
  organization: Organization
  ask: OrganizationAsk | undefined
  /** Why nothing of the organisation can be changed now. */
  reason: string | null
  onAsk: (ask: OrganizationAsk | undefined) => void
}

/** How its people sign in, what happens when their provider is down, and who could go on. */
export function SignInPart({ organization, ask, reason, onAsk }: SignInPartProps) {
  const { id } = organization
  const names = useProviderNames()
  const close = () => onAsk(undefined)
  return (
    <>
      <Reading query={useQuery(policyQuery(id))} about="sign-in policy" waiting={<RowsToCome rows={4} />}>
        {(inForce, seen) => (
          <>
            <InForce inForce={inForce} names={names} reason={reason} onAsk={onAsk} />
            {ask === 'policy' && (
              <EditPolicy organization={organization} inForce={inForce} reason={reason} onClose={close} />
            )}
            {ask === 'withdraw-policy' && inForce.waiting && (
              <WithdrawPolicy organization={organization} onClose={close} />
            )}
            {inForce.policy.provider_id && <CouldGoOn organizationId={id} providerId={inForce.policy.provider_id} />}
            <Foot seen={seen} />
          </>
        )}
      </Reading>
      <div className={classes.apart}>
        <Rescues organization={organization} ask={ask} reason={reason} onAsk={onAsk} />
      </div>
    </>
  )
}

type Names = (id: string | null) => string | null

function useProviderNames(): Names {
  const mayNot = useReasonNotTo('providers:read')
  const providers = useQuery({ ...providersQuery(), enabled: mayNot === null }).data?.data ?? []
  return (id) => providers.find((each) => each.id === id)?.name ?? id
}

function Foot({ seen }: { seen: Seen }) {
  return (
    <PanelFoot>
      <ReadAt seen={seen} />
    </PanelFoot>
  )
}

interface InForceProps {
  inForce: SignInPolicyInForce
  names: Names
  reason: string | null
  onAsk: SignInPartProps['onAsk']
}

function InForce({ inForce: { policy, waiting }, names, reason, onAsk }: InForceProps) {
  return (
    <>
      <div className={classes.bar}>
        <ActButton variant="default" reason={reason} onClick={() => onAsk('policy')}>
          Change the policy
        </ActButton>
        {policy.provider_id && <TextLink to={to.provider(policy.provider_id)}>{names(policy.provider_id)}</TextLink>}
      </div>
      {waiting && (
        <Notice
          state="degraded"
          title={
            <>
              A looser policy takes effect on <Moment at={waiting.takes_effect_at} />
            </>
          }
          actions={
            <ActButton variant="default" reason={reason} onClick={() => onAsk('withdraw-policy')}>
              Withdraw it
            </ActButton>
          }
        >
          <p>
            <Time at={waiting.takes_effect_at} />; not while its provider is down. Until then the one beneath is in
            force.
          </p>
          <div className={classes.then}>
            <Sentences of={sayPolicy(waiting.policy, names(waiting.policy.provider_id))} />
          </div>
          <p className={classes.asked}>
            Asked for by <TextLink to={to.user(waiting.asked_by)}>an administrator</TextLink>
            {waiting.reason && <>: “{waiting.reason}”</>}
          </p>
        </Notice>
      )}
      <div className={classes.policy}>
        <Sentences of={sayPolicy(policy, names(policy.provider_id))} />
      </div>
    </>
  )
}

/** Counted at this moment, under the policy in force. */
function CouldGoOn({ organizationId, providerId }: { organizationId: string; providerId: string }) {
  return (
    <PanelPart title="If it died now">
      <div className={classes.could}>
        <Reading
          query={useQuery(previewQuery(organizationId))}
          about="people who could sign in"
          waiting={<RowsToCome rows={2} />}
        >
          {({ now, is_whole }, seen) => (
            <>
              <p>
                {seen.isOld && <StateMark state="unknown">Not known since</StateMark>} {now.sentence}
              </p>
              <AbleBar counted={now} />
              {!is_whole && <p className={classes.quiet}>It has more members than are looked at here.</p>}
              {now.able.no > 0 && (
                <TextLink to={to.readinessPeople(providerId, { organization: organizationId })}>
                  Who could not, and why
                </TextLink>
              )}
            </>
          )}
        </Reading>
      </div>
    </PanelPart>
  )
}
