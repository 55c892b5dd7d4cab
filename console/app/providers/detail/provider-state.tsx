import type { Provider, Why } from '../../api/wire/providers.ts'
import { to } from '../../paths.ts'
import type { ProviderAsk } from '../provider-search.ts'
import { ReadAt, type Seen } from '../../reading/reading.tsx'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { ActButton } from '../../ui/act-button.tsx'
import { Card } from '../../ui/card.tsx'
import { useClock } from '../../ui/clock.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { sayCount } from '../../ui/moment.ts'
import { Empty, Notice } from '../../ui/notice.tsx'
import { PlainMark } from '../../ui/plain-mark.tsx'
import { StateGlyph, StateMark } from '../../ui/state-mark.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Lasting, Moment } from '../../ui/time.tsx'
import { presetWords } from '../presets.ts'
import { OfProvider } from '../readiness/of-provider.tsx'
import { fallBackOf, type FallBack, sayProcesses, stateMeanings, standingOf } from '../say-verdict.ts'
import { sayFault, sayKind } from '../say-evidence.ts'
import { NewestLooks } from './newest-looks.tsx'
import classes from './provider-state.module.css'
import { SecretNotice } from './secret-notice.tsx'

interface ProviderStateProps {
  provider: Provider
  seen: Seen
  onAsk: (ask: ProviderAsk) => void
}

/** How it stands, since when and why; whether people are sent another way; and who could go on. */
export function ProviderState({ provider, seen, onAsk }: ProviderStateProps) {
  if (!provider.is_enabled) return <NotEnabled provider={provider} seen={seen} />
  return (
    <div className={classes.all}>
      <SecretNotice provider={provider} onAsk={onAsk} />
      <Headline provider={provider} seen={seen} />
      <FallBackNow provider={provider} isOld={seen.isOld} onAsk={onAsk} />
      <CutOff processes={provider.cut_off ?? []} isOld={seen.isOld} />
      <div className={classes.pair}>
        <StandsOn provider={provider} isOld={seen.isOld} />
        <OfProvider providerId={provider.id} name={provider.name} />
      </div>
      <NewestLooks providerId={provider.id} />
      <p className={classes.foot}>
        <ReadAt seen={seen} />
      </p>
    </div>
  )
}

function Headline({ provider, seen }: { provider: Provider; seen: Seen }) {
  const { mark, word, since } = standingOf(provider, seen.isOld)
  const { verdict } = provider
  return (
    <header className={classes.headline}>
      <div className={classes.verdict}>
        <StateGlyph state={mark ?? 'unknown'} size={20} />
        <h2>
          {word}
          {since && (
            <>
              {' '}
              since <Moment at={since} />
              <span className={classes.faint} aria-hidden="true">
                {' '}
                <Lasting since={since} />
              </span>
            </>
          )}
        </h2>
      </div>
      <p className={classes.sentence}>
        {verdict
          ? verdict.why.sentence
          : 'No process of access has looked at it yet. It is looked at every few seconds.'}
      </p>
      {verdict && !seen.isOld && <p className={classes.faint}>{stateMeanings[verdict.state]}</p>}
    </header>
  )
}

/** The others decide as if it were not there; who comes to it is sent to no provider, and nobody would notice otherwise. */
function CutOff({ processes, isOld }: { processes: NonNullable<Provider['cut_off']>; isOld: boolean }) {
  if (processes.length === 0) return null
  const isOne = processes.length === 1
  return (
    <Notice
      state={isOld ? 'unknown' : 'degraded'}
      title={isOne ? 'A process of access is cut off' : `${processes.length} processes of access are cut off`}
    >
      <p>
        {isOne ? 'It reaches' : 'They reach'} neither providers nor control targets, while others do, and{' '}
        {isOne ? 'counts as no witness. Take it' : 'count as no witnesses. Take them'} out of rotation, and look at{' '}
        {isOne ? 'its' : 'their'} network.
      </p>
      <ul className={classes.processes}>
        {processes.map(({ process_id, cut_off_at }) => (
          <li key={process_id}>
            <code>{process_id}</code>, last found so <Moment at={cut_off_at} />
          </li>
        ))}
      </ul>
    </Notice>
  )
}

interface FallBackNowProps {
  provider: Provider
  isOld: boolean
  onAsk: (ask: ProviderAsk) => void
}

/** What it means for people, in a sentence. */
function FallBackNow({ provider, isOld, onAsk }: FallBackNowProps) {
  const { serverNowMs } = useClock()
  const reason = useReasonNotTo('providers:write')
  const fallBack = fallBackOf(provider.verdict, serverNowMs)
  if (isOld) {
    return (
      <Notice state="unknown" title="Whether people are sent another way is not known for now">
        <p>Each sign-in is decided by what the database says then; it is read here again as soon as it answers.</p>
      </Notice>
    )
  }
  if (fallBack.is === 'closed') {
    return (
      <p className={classes.closed}>
        <PlainMark>
          The fall-back is closed: whoever comes through {provider.name} is sent there, and nobody another way.
        </PlainMark>
      </p>
    )
  }
  const isOrdered = fallBack.is === 'forced' || fallBack.is === 'forbidden'
  return (
    <Notice
      state={fallBack.is === 'by-policy' ? 'unknown' : 'degraded'}
      title={titleOf(fallBack)}
      actions={
        isOrdered && (
          <ActButton variant="default" reason={reason} onClick={() => onAsk('clear-order')}>
            Clear the order
          </ActButton>
        )
      }
    >
      <p>{sayFallBack(fallBack, provider.name)}</p>
      {isOrdered && fallBack.reason && (
        <p>
          By {fallBack.by ? <TextLink to={to.user(fallBack.by)}>an administrator</TextLink> : 'an administrator'}: “
          {fallBack.reason}”
        </p>
      )}
    </Notice>
  )
}

function titleOf(fallBack: Exclude<FallBack, { is: 'closed' }>): React.ReactNode {
  switch (fallBack.is) {
    case 'open':
      return (
        <>
          The fall-back is open since <Moment at={fallBack.since} />
        </>
      )
    case 'by-policy':
      return 'The fall-back is open where a policy says so'
    case 'forced':
      return (
        <>
          The fall-back is forced open until <Moment at={fallBack.until} />
        </>
      )
    case 'forbidden':
      return (
        <>
          The fall-back is forbidden until <Moment at={fallBack.until} />
        </>
      )
  }
}

function sayFallBack({ is }: FallBack, name: string): string {
  if (is === 'forbidden') return `Nobody is sent another way than ${name}, whatever is seen of it.`
  if (is === 'by-policy') {
    return `Nobody can tell whether ${name} is at fault or our own network. Organisations whose policy opens then go on; all others wait.`
  }
  return 'People go on by passkey or code as far as their organisation allows, in the same accounts. Each such sign-in is marked, and has to be proved there afterwards.'
}

function NotEnabled({ provider, seen }: { provider: Provider; seen: Seen }) {
  return (
    <>
      <Empty title={`${provider.name} is not offered to anybody yet`}>
        {provider.tested_at ? (
          <p>
            It worked when it was tested on <Moment at={provider.tested_at} />. Enable it, and it is watched and
            offered.
          </p>
        ) : (
          <p>
            Register this callback address over there, under {presetWords[provider.preset]?.where}; then test it. It can
            be enabled when the test went well.
          </p>
        )}
        <p className={classes.callback}>
          <Copyable value={provider.callback_url} />
        </p>
      </Empty>
      <p className={classes.foot}>
        <ReadAt seen={seen} />
      </p>
    </>
  )
}

/** What the verdict rests on: who saw it, of how many, and whether everything else could be reached. */
function StandsOn({ provider: { verdict }, isOld }: { provider: Provider; isOld: boolean }) {
  return (
    <Card
      title="What this rests on"
      aside={
        verdict && (
          <>
            Decided <Moment at={verdict.decided_at} />
          </>
        )
      }
    >
      {verdict ? (
        <ul className={classes.grounds}>
          <li>
            <Control why={verdict.why} isOld={isOld} />
          </li>
          <li>
            <PlainMark>{sayProcesses(verdict.why)}</PlainMark>
          </li>
          {verdict.why.faults.map(({ kind, fault, count }) => (
            <li key={`${kind} ${fault}`}>
              <StateMark state={isOld ? 'unknown' : 'failing'}>
                {sayKind(kind)}: {sayFault(fault)}, {sayCount(count, 'time')}
              </StateMark>
            </li>
          ))}
        </ul>
      ) : (
        <p className={classes.none}>On nothing yet.</p>
      )}
    </Card>
  )
}

/** Asked only beside a provider that seems down: otherwise there is nothing to tell from a fault of ours. */
function Control({ why: { is_control_good, faults }, isOld }: { why: Why; isOld: boolean }) {
  if (is_control_good === null) {
    return faults.length === 0 ? (
      <PlainMark>Nothing speaks against it, so no control target was asked</PlainMark>
    ) : (
      <StateMark state="unknown">The control target was not asked</StateMark>
    )
  }
  const word = is_control_good
    ? 'Our own network is good: the control target answers'
    : 'Our own network is at fault: the control target does not answer either'
  return <StateMark state={isOld ? 'unknown' : is_control_good ? 'ok' : 'failing'}>{word}</StateMark>
}
