import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import type { FailOverPreview, SignInPolicy, SignInPolicyInForce } from '../../api/wire/fail-over.ts'
import { oneQuery } from '../../list/list-query.ts'
import { api } from '../../paths.ts'

export function policyQuery(organizationId: string) {
  return oneQuery<SignInPolicyInForce>('sign-in policy', api.signInPolicy(organizationId))
}

/** Counted at this moment; of a large organisation that takes a second, so it is not read again by itself. */
export function previewQuery(organizationId: string, policy?: SignInPolicy) {
  const ask = policy ? { policy: JSON.stringify(policy) } : {}
  return queryOptions({
    queryKey: ['fail-over preview', organizationId, ask],
    queryFn: ({ signal }) => call<FailOverPreview>({ path: api.failOverPreview(organizationId, ask), signal }),
    placeholderData: keepPreviousData,
  })
}
