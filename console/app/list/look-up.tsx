import { Select, type SelectProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call.ts'
import type { Application } from '../api/wire/applications.ts'
import type { Organization } from '../api/wire/organizations.ts'
import type { Page, User } from '../api/wire.ts'
import { type Ask, api } from '../paths.ts'
import { useReasonNotToAct } from '../reading/use-outage.ts'

/** As many as fit in the list without scrolling. */
const OFFERED_MAX = 8
const PAUSE_MS = 250

interface LookUpProps extends Omit<SelectProps, 'data' | 'value' | 'onChange' | 'searchable'> {
  value: string | undefined
  onPick: (id: string | undefined) => void
}

interface Kind<Row> {
  name: string
  nothing: string
  away: string
  path: (ask: Ask) => string
  label: (row: Row) => string
}

/** One of very many, found by typing a part of its name. What is chosen is its id. */
function lookUp<Row extends { id: string }>(kind: Kind<Row>) {
  const offered = (query: string) =>
    queryOptions({
      queryKey: [kind.name, 'offered', query],
      queryFn: ({ signal }) => call<Page<Row>>({ path: kind.path({ query, limit: OFFERED_MAX }), signal }),
      placeholderData: keepPreviousData,
    })
  return function LookUp({ value, onPick, ...rest }: LookUpProps) {
    const [typed, setTyped] = useState('')
    const [asked] = useDebouncedValue(typed, PAUSE_MS)
    const rows = useQuery(offered(asked))
    const reason = useReasonNotToAct()
    const found = (rows.data?.data ?? []).map((row) => ({ value: row.id, label: kind.label(row) }))
    // The one that is chosen may not be among those that match what is typed.
    const isOffered = value === undefined || found.some((each) => each.value === value)
    return (
      <Select
        {...rest}
        searchable
        clearable
        // A field that has the focus from the start would hide with its list what stands beneath it.
        openOnFocus={false}
        data={isOffered ? found : [{ value, label: value }, ...found]}
        value={value ?? null}
        filter={({ options }) => options}
        nothingFoundMessage={reason ? kind.away : kind.nothing}
        onSearchChange={setTyped}
        onChange={(chosen) => onPick(chosen ?? undefined)}
      />
    )
  }
}

export const PickUser = lookUp<User>({
  name: 'users',
  nothing: 'No user matches',
  away: 'Users cannot be looked up for now',
  path: api.users,
  label: ({ email, name, id }) => email ?? name ?? id,
})

export const PickOrganization = lookUp<Organization>({
  name: 'organizations',
  nothing: 'No organisation matches',
  away: 'Organisations cannot be looked up for now',
  path: api.organizations,
  label: ({ name }) => name,
})

export const PickApplication = lookUp<Application>({
  name: 'applications',
  nothing: 'No application matches',
  away: 'Applications cannot be looked up for now',
  path: api.applications,
  label: ({ name }) => name,
})
