import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'

/** The last data of a page is kept this long after it was left, so that an outage finds something to show. */
const KEPT_MS = 30 * 60_000
/** A page that is opened again within this time is shown from memory and read again beside it. */
const FRESH_MS = 1000

export function createQueryClient(onFailure: (error: Error) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: onFailure }),
    mutationCache: new MutationCache({ onError: onFailure }),
    defaultOptions: {
      queries: {
        retry: false,
        gcTime: KEPT_MS,
        staleTime: FRESH_MS,
        // A browser that believes itself offline still reaches a console on its own network.
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}
