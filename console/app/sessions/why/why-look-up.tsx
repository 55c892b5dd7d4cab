import { useNavigate } from '@tanstack/react-router'
import filterClasses from '../../list/filters.module.css'
import { MomentFilter, SelectFilter } from '../../list/filters.tsx'
import { PickUser } from '../../list/look-up.tsx'
import { to, type WhySearch, whyWindows } from '../../paths.ts'
import { Filters } from '../../ui/page.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { WINDOW_DEFAULT_MIN } from './read-ends.ts'

const windowChoices = whyWindows.map((minutes) => [minutes, `${minutes} min around`] as const)

/** Whom, which, or when. A person and a session rule each other out; a time narrows either, or stands alone. */
export function WhyLookUp({ search }: { search: WhySearch }) {
  const navigate = useNavigate()
  const { window, at } = search
  const changed = (change: WhySearch) => to.why({ ...search, ...change, cursor: undefined })
  return (
    <Filters>
      <PickUser
        aria-label="User"
        placeholder="Who: name or e-mail"
        clearButtonProps={{ 'aria-label': 'Anybody' }}
        className={filterClasses.pick}
        value={search.user}
        onPick={(user) => navigate(changed({ user, session: undefined }))}
      />
      <SearchField
        label="Session id"
        placeholder="Which: ses_…"
        value={search.session ?? ''}
        linkFor={(session) =>
          to.why(session ? { session: session.trim(), at, window } : { ...search, session: undefined })
        }
      />
      <MomentFilter label="At" value={at} linkFor={(moment) => changed({ at: moment })} />
      <SelectFilter
        label="Minutes around"
        placeholder={`${WINDOW_DEFAULT_MIN} min around`}
        choices={windowChoices}
        value={window}
        linkFor={(minutes) => changed({ window: whyWindows.find((each) => each === minutes) })}
      />
    </Filters>
  )
}
