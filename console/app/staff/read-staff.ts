import { queryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import type { CodeSet, StaffMember } from '../api/wire/installation.ts'
import type { Page } from '../api/wire.ts'
import { api } from '../paths.ts'
import { listRhythm } from '../reading/rhythm.ts'

export const staffQuery = queryOptions({
  queryKey: ['staff'],
  queryFn: ({ signal }) => call<Page<StaffMember>>({ path: api.staff(), signal }),
  refetchInterval: listRhythm,
})

export const codeSetsQuery = queryOptions({
  queryKey: ['break-glass-codes'],
  queryFn: ({ signal }) => call<{ sets: CodeSet[] }>({ path: api.breakGlassCodes(), signal }),
  refetchInterval: listRhythm,
})
