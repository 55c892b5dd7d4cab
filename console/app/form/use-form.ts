import { useState } from 'react'
import { isFailure, isOutage } from '../api/failure.ts'
import { useDeed } from '../reading/deed.ts'
import { fieldErrors } from './field-errors.ts'

interface FormOptions<Values, Outcome> {
  initial: Values
  /** What can be said before anybody is asked: a sentence by field. */
  check?: (values: Values) => Partial<Record<keyof Values, string>>
  send: (values: Values, idempotencyKey: string) => Promise<Outcome>
  /** Refusals that are about one field, by their code: `organizations.slug_taken` belongs to `slug`. */
  refusals?: Record<string, keyof Values & string>
  onDone: (outcome: Outcome, values: Values) => void
}

/**
 * A form as it is filled in, the one thing of a page that is state of its own. What is wrong stands at its field as soon
 * as somebody asked to send it; everything else about a failure stands above the buttons.
 */
export function useForm<Values extends object, Outcome>(options: FormOptions<Values, Outcome>) {
  const { initial, check = () => ({}), send, refusals = {}, onDone } = options
  const [values, setValues] = useState(initial)
  const [wasTried, setWasTried] = useState(false)
  const deed = useDeed(send, onDone)

  const wrong = wasTried ? check(values) : {}
  const refused = fieldErrors(deed.error, refusals)
  const errorOf = (name: keyof Values & string): string | undefined =>
    wrong[name as keyof typeof wrong] ?? refused[name]
  const isToldAtFields = Object.keys(refused).some((name) => name in values)

  function set<Name extends keyof Values>(name: Name, value: Values[Name]) {
    // What access said was about the values of before.
    if (deed.error && !isOutage(deed.error)) deed.reset()
    setValues((before) => ({ ...before, [name]: value }))
  }

  return {
    values,
    set,
    errorOf,
    isRunning: deed.isPending,
    isChanged: JSON.stringify(values) !== JSON.stringify(initial),
    /** Null when every complaint already stands at its field. */
    failure: isToldAtFields && isFailure(deed.error, 'refused') ? null : deed.error,
    /** For Mantine's TextInput and its like. */
    field(name: keyof Values & string) {
      return {
        name,
        value: values[name] as string,
        error: errorOf(name),
        onChange: (event: { currentTarget: { value: string } }) =>
          set(name, event.currentTarget.value as Values[typeof name]),
      }
    },
    submit(event?: { preventDefault(): void }) {
      event?.preventDefault()
      setWasTried(true)
      if (deed.isPending || Object.values(check(values)).some(Boolean)) return
      deed.mutate(values)
    },
    reset() {
      deed.reset()
      setWasTried(false)
      setValues(initial)
    },
  }
}

export type Form = Pick<ReturnType<typeof useForm<object, unknown>>, 'failure' | 'isRunning' | 'submit'>
