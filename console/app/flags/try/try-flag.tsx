import type { FlagDefinition } from '@holdfast/sdk/evaluate'
import { TARGETING_KEY } from '@holdfast/sdk/flag-rules'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { to } from '../../paths.ts'
import { Reading } from '../../reading/reading.tsx'
import { useClock } from '../../ui/clock.tsx'
import { Notice } from '../../ui/notice.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { attributesIn } from '../edit/attributes.ts'
import { type FlagSeen, servedQuery } from '../read-flags.ts'
import { Answer } from './answer.tsx'
import { ContextForm } from './context-form.tsx'
import { readContext } from './context.ts'
import classes from './try.module.css'
import { tryOne } from './try-flags.ts'

interface TryFlagProps {
  flag: FlagSeen
  /** What is being changed and is not saved; null: nothing. */
  draft: FlagDefinition | null
}

/** One flag for one context. The context stands in the address, so that a link asks the same. */
export function TryFlag({ flag, draft }: TryFlagProps) {
  const search = useSearch({ from: '/flags/$flagKey' })
  const navigate = useNavigate()
  const { serverNowMs } = useClock()
  const read = readContext(search.context ?? '')
  const context = 'context' in read ? read.context : {}
  return (
    <Reading query={useQuery(servedQuery)} about="flags that are served" waiting={<RowsToCome rows={5} />}>
      {({ definition, number }) => {
        const served = Object.hasOwn(definition.flags, flag.key) ? definition.flags[flag.key] : undefined
        const asked = draft ?? served ?? flag.definition
        const found = attributesIn([asked.targeting], definition.$evaluators)
        const attributes = [TARGETING_KEY, ...found.filter((name) => name !== TARGETING_KEY)]
        const told = tryOne(definition, { key: flag.key, definition: asked }, { context, nowMs: serverNowMs })
        return (
          <div className={classes.try}>
            <ContextForm
              context={context}
              attributes={attributes}
              onChange={(next) =>
                void navigate({
                  ...to.flag(flag.key, { ...search, context: JSON.stringify(next) }),
                  replace: true,
                  resetScroll: false,
                })
              }
            />
            <div className={classes.all}>
              {draft && (
                <Notice state="degraded" title="Tried with what you changed and did not save">
                  <p>Everybody else still gets the answer of before.</p>
                </Notice>
              )}
              <Answer
                told={told}
                from={
                  draft
                    ? 'By your draft.'
                    : served
                      ? `As access serves it, number ${number}.`
                      : 'It is not served: this is what it was.'
                }
              />
            </div>
          </div>
        )
      }}
    </Reading>
  )
}
