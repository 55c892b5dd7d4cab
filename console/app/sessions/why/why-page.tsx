import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import type { EndList } from '../../api/wire/sessions.ts'
import { to, type WhySearch } from '../../paths.ts'
import { ReadAt, Reading, type Seen } from '../../reading/reading.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { sayCount } from '../../ui/moment.ts'
import { SessionTabs } from '../session-tabs.tsx'
import { Answer } from './answer.tsx'
import { EndCard } from './end-card.tsx'
import { Episodes } from './episodes.tsx'
import { endsQuery } from './read-ends.ts'
import { WhyLookUp } from './why-look-up.tsx'
import classes from './why-page.module.css'

export const crumb = 'Why was I signed out?'

export function loader(client: QueryClient, search: WhySearch) {
  void client.prefetchQuery(endsQuery(search))
}

/** The question that support is asked most, answered in one sentence, with what it rests on beneath. */
export function WhyPage() {
  const search = useSearch({ from: '/sessions/why' })
  return (
    <Page
      title="Why was I signed out?"
      purpose="By person, by session, or by time: each end with its reason and its author, and what every verifier said at that hour."
      tabs={<SessionTabs here="Why was I signed out?" />}
    >
      <WhyLookUp search={search} />
      <Reading
        query={useQuery(endsQuery(search))}
        about="ends of sessions"
        waiting={<RowsToCome />}
        notFound={<NoSuchSession />}
      >
        {(list, seen) => <Ends list={list} seen={seen} search={search} />}
      </Reading>
    </Page>
  )
}

function Ends({ list, seen, search }: { list: EndList; seen: Seen; search: WhySearch }) {
  const { data, still_live, next_cursor } = list
  const isAsked = Boolean(search.user ?? search.session ?? search.at)
  if (!isAsked && data.length === 0) return <NothingEnded />
  return (
    <>
      <Answer list={list} search={search} isOld={seen.isOld} />
      <Episodes ends={data} episodes={list.episodes} />
      {data.length > 0 && (
        <EndCards title={isAsked ? 'Ended' : 'Newest ends'} ends={data} isOld={seen.isOld} isFirstOpen={isAsked} />
      )}
      {still_live.length > 0 && (
        <EndCards title="Not ended" ends={still_live} isOld={seen.isOld} isFirstOpen={data.length === 0} />
      )}
      <Pager
        first={search.cursor ? to.why({ ...search, cursor: undefined }) : null}
        next={next_cursor ? to.why({ ...search, cursor: next_cursor }) : null}
      >
        {data.length > 0 && <span>{sayCount(data.length, 'end')} on this page</span>}
        <ReadAt seen={seen} />
      </Pager>
    </>
  )
}

interface EndCardsProps {
  title: string
  ends: EndList['data']
  isOld: boolean
  isFirstOpen: boolean
}

function EndCards({ title, ends, isOld, isFirstOpen }: EndCardsProps) {
  return (
    <section className={classes.ends} aria-label={title}>
      <h2 className={classes.group}>{title}</h2>
      {ends.map((end, index) => (
        <EndCard key={end.session_id} end={end} isOld={isOld} isOpen={isFirstOpen && index === 0} />
      ))}
    </section>
  )
}

function NothingEnded() {
  return (
    <Empty title="No session has ended yet">
      <p>
        When somebody asks why they were signed out, choose them above, paste the id of their session, or say when it
        was. The answer stands on top, ready to be sent to them.
      </p>
    </Empty>
  )
}

function NoSuchSession() {
  return (
    <Empty title="There is no such session">
      <p>
        Nothing is known of a session with this id: it ended so long ago that it is not kept any more, belongs to
        another person than the one chosen, or was never one of this installation. Look the person up instead.
      </p>
    </Empty>
  )
}
