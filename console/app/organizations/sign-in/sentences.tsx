import type { sayPolicy } from './say-policy.ts'
import classes from './sentences.module.css'

/** A policy in words. */
export function Sentences({ of: { ordinary, outage, unknown } }: { of: ReturnType<typeof sayPolicy> }) {
  return (
    <dl className={classes.sentences}>
      <div>
        <dt>On an ordinary day</dt>
        <dd>{ordinary}</dd>
      </div>
      <div>
        <dt>While the provider is down</dt>
        <dd>
          {outage}
          {unknown && ` ${unknown}`}
        </dd>
      </div>
    </dl>
  )
}
