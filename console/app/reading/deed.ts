import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { isFailure } from '../api/failure.ts'
import { openKeyRing } from '../api/idempotency-key.ts'

/**
 * A write, after which everything on the page is read again. `deed` is handed the Idempotency-Key: trying the same again
 * after a lost answer is the same write, not a second one.
 */
export function useDeed<Input, Outcome>(
  deed: (input: Input, idempotencyKey: string) => Promise<Outcome>,
  onDone: (outcome: Outcome, input: Input) => void,
) {
  const client = useQueryClient()
  const [keys] = useState(() => openKeyRing())
  const [press] = useState(() => ({ isUnderWay: false }))
  const mutation = useMutation({
    mutationFn: (input: Input) => deed(input, keys.keyFor(input)),
    onSuccess: async (outcome, input) => {
      keys.forget()
      onDone(outcome, input)
      await client.invalidateQueries()
    },
    onError: async (error) => {
      // Nobody knows whether it happened: what the lists say next is the best answer.
      if (isFailure(error, 'silent')) await client.invalidateQueries()
    },
    onSettled: () => {
      press.isUnderWay = false
    },
  })
  return {
    ...mutation,
    /** Pressed twice it is done once: the second press comes before the page has shown the first. */
    mutate(input: Input) {
      if (press.isUnderWay) return
      press.isUnderWay = true
      mutation.mutate(input)
    },
    reset() {
      press.isUnderWay = false
      mutation.reset()
    },
  }
}
