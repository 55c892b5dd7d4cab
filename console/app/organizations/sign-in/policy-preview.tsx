import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { Counted, SignInPolicy } from '../../api/wire/fail-over.ts'
import { providersQuery } from '../../providers/read-providers.ts'
import { AbleBar } from '../../providers/readiness/able-bar.tsx'
import { Reading } from '../../reading/reading.tsx'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { Notice } from '../../ui/notice.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import classes from './policy-preview.module.css'
import { previewQuery } from './read-policy.ts'
import { sayPolicy } from './say-policy.ts'
import { Sentences } from './sentences.tsx'

/** Long enough that a number is asked about once, short enough that nobody waits. */
const PAUSE_MS = 400

/** What the form says, in words, and who could sign in under it if the provider died now. */
export function PolicyPreview({ organizationId, policy }: { organizationId: string; policy: SignInPolicy }) {
  const mayNot = useReasonNotTo('providers:read')
  const providers = useQuery(providersQuery()).data?.data ?? []
  const name = providers.find(({ id }) => id === policy.provider_id)?.name ?? policy.provider_id
  const [asked] = useDebouncedValue(policy, PAUSE_MS)
  const preview = useQuery({ ...previewQuery(organizationId, asked), enabled: mayNot === null })
  return (
    <section className={classes.preview} aria-label="What this means" aria-live="polite">
      <Sentences of={sayPolicy(policy, name)} />
      {policy.provider_id !== null && mayNot === null && (
        <Reading query={preview} about="people who could sign in" waiting={<RowsToCome rows={2} />}>
          {({ now, asked: under, warning, is_whole }) => (
            <div className={classes.counted}>
              {warning && <Notice state="degraded" title={warning} />}
              <p>{under.sentence}</p>
              <AbleBar counted={under} />
              <p className={classes.quiet}>
                {sayDifference(now, under)}
                {!is_whole && ' It has more members than are looked at here.'}
              </p>
            </div>
          )}
        </Reading>
      )}
    </section>
  )
}

function sayDifference(now: Counted, asked: Counted): string {
  const gap = asked.ready - now.ready
  if (gap === 0) return 'As many as under the policy in force.'
  const people = Math.abs(gap) === 1 ? '1 person' : `${Math.abs(gap)} people`
  return `${people} ${gap > 0 ? 'more' : 'fewer'} than under the policy in force.`
}
