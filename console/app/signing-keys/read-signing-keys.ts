import { queryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import type { SigningKey } from '../api/wire.ts'
import { api } from '../paths.ts'
import { listRhythm } from '../reading/rhythm.ts'

export const signingKeysQuery = queryOptions({
  queryKey: ['signing-keys'],
  queryFn: ({ signal }) => call<{ data: SigningKey[] }>({ path: api.signingKeys(), signal }),
  refetchInterval: listRhythm,
})
