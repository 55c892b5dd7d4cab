import { useMutation, useQueryClient } from '@tanstack/react-query'
import { isFailure } from '../api/failure.ts'
import { type Outage, useOutage } from './outage.ts'

/** Why nothing can be changed now; null when it can. Buttons are disabled with it, not hidden. */
export function useReasonNotToAct(): string | null {
  return reasonNotToAct(useOutage())
}

export function reasonNotToAct(outage: Outage | null): string | null {
  if (!outage) return null
  return outage.of === 'access'
    ? 'Access does not answer. This is possible again when it does.'
    : 'The database does not answer. This is possible again when it does.'
}

/** A write, after which everything on the page is read again. */
export function useDeed<Input, Outcome>(deed: (input: Input) => Promise<Outcome>, onDone: (outcome: Outcome) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: deed,
    onSuccess: async (outcome) => {
      onDone(outcome)
      await client.invalidateQueries()
    },
    onError: async (error) => {
      // Nobody knows whether it happened: what the lists say next is the best answer.
      if (isFailure(error, 'silent')) await client.invalidateQueries()
    },
  })
}
