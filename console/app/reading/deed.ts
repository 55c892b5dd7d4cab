import { useMutation, useQueryClient } from '@tanstack/react-query'
import { isFailure } from '../api/failure.ts'

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
