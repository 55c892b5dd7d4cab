import { Button, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/call.ts'
import type { Page, User } from '../api/wire.ts'
import { api, type SessionsSearch, to } from '../paths.ts'
import { useReasonNotToAct } from '../reading/use-outage.ts'

/** As many as fit in the list without scrolling. */
const OFFERED_MAX = 8
const PAUSE_MS = 250

function offeredUsers(query: string) {
  return queryOptions({
    queryKey: ['users', 'offered', query],
    queryFn: ({ signal }) => call<Page<User>>({ path: api.users({ query, limit: OFFERED_MAX }), signal }),
    placeholderData: keepPreviousData,
  })
}

/** Narrows the sessions to those of one user. The choice lives in the address. */
export function PersonFilter({ search }: { search: SessionsSearch }) {
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [asked] = useDebouncedValue(typed, PAUSE_MS)
  const offered = useQuery(offeredUsers(asked))
  const reason = useReasonNotToAct()
  const people = (offered.data?.data ?? []).map(({ id, email, name }) => ({ value: id, label: email ?? name ?? id }))
  // The one in the address may not be among those that match what is typed.
  const isOffered = people.some(({ value }) => value === search.user)
  const data = search.user && !isOffered ? [{ value: search.user, label: search.user }, ...people] : people

  return (
    <>
      <Select
        aria-label="User"
        placeholder="Any user"
        searchable
        allowDeselect={false}
        w={260}
        data={data}
        value={search.user ?? null}
        filter={({ options }) => options}
        nothingFoundMessage={reason ? 'Users cannot be looked up for now' : 'No user matches'}
        onSearchChange={setTyped}
        onChange={(user) => navigate(to.sessions({ state: search.state, user: user ?? undefined }))}
      />
      {search.user && (
        <Button variant="subtle" renderRoot={(props) => <Link {...props} {...to.sessions({ state: search.state })} />}>
          Any user
        </Button>
      )}
    </>
  )
}
