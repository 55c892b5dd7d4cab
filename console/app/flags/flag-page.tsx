import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { LeaveUnsaved } from '../form/leave-unsaved.tsx'
import { type FlagSearch, to } from '../paths.ts'
import { ReadAt, Reading, type Seen } from '../reading/reading.tsx'
import { LinkTabs } from '../ui/link-tabs.tsx'
import { Page } from '../ui/page.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { Ago } from '../ui/time.tsx'
import { sayWho } from './changed.tsx'
import { FlagHistory } from './changes/flag-history.tsx'
import { FlagActions } from './flag-actions.tsx'
import { FlagAsked } from './flag-asks.tsx'
import { FlagEditor } from './edit/flag-editor.tsx'
import { useFlagDraft } from './edit/use-flag-draft.ts'
import { FlagMark } from './flag-mark.tsx'
import classes from './flag-page.module.css'
import { NoSuchFlag } from './no-such-flag.tsx'
import { type FlagSeen, flagQuery } from './read-flags.ts'
import { ServedNotice } from './served-notice.tsx'
import { Tags } from './tags.tsx'
import { TryFlag } from './try/try-flag.tsx'
import { types } from './flag-types.ts'

export const crumb = 'Flag'

export function loader(client: QueryClient, flagKey: string) {
  void client.prefetchQuery(flagQuery(flagKey))
}

/** A page of its own: a rule, its JSON beside it and what it answers want the room of the list. */
export function FlagPage() {
  const { flagKey } = useParams({ from: '/flags/$flagKey' })
  const search = useSearch({ from: '/flags/$flagKey' })
  const navigate = useNavigate()
  const flag = useQuery(flagQuery(flagKey))
  const ask = (asked: FlagSearch['ask']) => void navigate(to.flag(flagKey, { ...search, ask: asked }))
  const tab = (name: string, part: FlagSearch['part']) => ({
    name,
    link: to.flag(flagKey, { part }),
    isHere: search.part === part,
  })
  const tabs = [tab('Rule', undefined), tab('Try it', 'try'), tab('History', 'history')]
  return (
    <Page
      title={flag.data?.name ?? flagKey}
      purpose={flag.data?.description ?? 'Who gets what of it, why, and what was done to it.'}
      actions={flag.data && <FlagActions flag={flag.data} onAsk={ask} />}
      tabs={flag.data && <LinkTabs label={`Parts of ${flagKey}`} tabs={tabs} />}
    >
      <Reading query={flag} about="flag" waiting={<RowsToCome rows={6} />} notFound={<NoSuchFlag flagKey={flagKey} />}>
        {(data, seen) => <OneFlag key={data.key} flag={data} seen={seen} search={search} onAsk={ask} />}
      </Reading>
    </Page>
  )
}

interface OneFlagProps {
  flag: FlagSeen
  seen: Seen
  search: FlagSearch
  onAsk: (ask: FlagSearch['ask']) => void
}

function OneFlag({ flag, seen, search: { part, ask, cursor }, onAsk }: OneFlagProps) {
  const editing = useFlagDraft(flag)
  return (
    <>
      {flag.isServed && <ServedNotice number={flag.version} />}
      <FlagLine flag={flag} seen={seen} />
      {/* What was changed and not saved stays while somebody tries it. */}
      <div hidden={part !== undefined} className={part === undefined ? classes.part : undefined}>
        <FlagEditor editing={editing} />
      </div>
      {part === 'try' && <TryFlag flag={flag} draft={editing.isChanged ? editing.draft.definition : null} />}
      {part === 'history' && <FlagHistory flag={flag} cursor={cursor} />}
      <FlagAsked flag={flag} ask={ask} onClose={() => onAsk(undefined)} />
      <LeaveUnsaved isChanged={editing.isChanged} of={`the flag ${flag.key}`} />
    </>
  )
}

function FlagLine({ flag, seen }: { flag: FlagSeen; seen: Seen }) {
  return (
    <div className={classes.line}>
      <FlagMark flag={flag} isOld={seen.isOld && !flag.isServed} />
      <code className={classes.key}>{flag.key}</code>
      <span>{types[flag.type].name}</span>
      {flag.is_client && <span>Browsers may ask</span>}
      <span className={classes.sentence}>{flag.sentence}</span>
      <Tags tags={flag.tags} />
      {!flag.isServed && (
        <span className={classes.quiet}>
          Changed <Ago at={flag.changed_at} /> by {sayWho(flag.changed_by)}, {flag.version}
        </span>
      )}
      <span className={classes.quiet}>
        <ReadAt seen={seen} />
      </span>
    </div>
  )
}
