import { Radio, Select } from '@mantine/core'
import type { Application } from '../api/wire/applications.ts'
import { sayDuration } from '../ui/moment.ts'
import classes from './on-unknown-field.module.css'

type OnUnknown = Application['on_unknown']

/** As access has it: a proof's ordinary life at least, and no longer than revocations are remembered. */
const ages = [300, 900, 3600, 4 * 3600, 24 * 3600]
export const onUnknownDefault: OnUnknown = { policy: 'serve', max_age_s: 24 * 3600 }

interface OnUnknownFieldProps {
  value: OnUnknown
  onChange: (onUnknown: OnUnknown) => void
}

/** What its visitors meet in an outage: the one thing that nobody can decide for the product. */
export function OnUnknownField({ value, onChange }: OnUnknownFieldProps) {
  const choices = ages.includes(value.max_age_s) ? ages : [...ages, value.max_age_s].toSorted((a, b) => a - b)
  return (
    <>
      <Radio.Group
        size="xs"
        label="While nobody can tell whether somebody is signed in"
        description="Holdfast, its database or the network is away. Whoever was put out before stays out either way."
        value={value.policy}
        onChange={(policy) => onChange({ ...value, policy: policy as OnUnknown['policy'] })}
      >
        <div className={classes.choices}>
          <Radio
            size="xs"
            value="serve"
            label="Serve with what was known before"
            description="People who were signed in go on working. Right for most products."
          />
          <Radio
            size="xs"
            value="refuse"
            label="Refuse what cannot be confirmed"
            description="After five minutes they see a page that says so and tries again. Right where an old answer can do harm, as in payments."
          />
        </div>
      </Radio.Group>
      {value.policy === 'serve' && (
        <Select
          label="Up to how old"
          description="Knowledge older than this is not served; then they see the same page."
          data={choices.map((age) => ({ value: String(age), label: sayDuration(age * 1000) }))}
          value={String(value.max_age_s)}
          allowDeselect={false}
          onChange={(age) => onChange({ ...value, max_age_s: Number(age ?? value.max_age_s) })}
        />
      )}
    </>
  )
}
