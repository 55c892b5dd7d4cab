import { ActionIcon, Button, NativeSelect } from '@mantine/core'
import type { PlainCondition, PlainRule, PlainTargeting } from '@holdfast/sdk/flag-rules'
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react'
import { ConditionRow } from './condition-row.tsx'
import classes from './flag-editor.module.css'
import { OutcomeFields } from './outcome-fields.tsx'

interface RuleEditorProps {
  plain: PlainTargeting
  names: readonly string[]
  standard: string | null
  onChange: (plain: PlainTargeting) => void
}

const emptyCondition: PlainCondition = { attribute: '', is: 'is', values: [] }

/** Who gets what, from the top: the first rule that somebody meets decides, and who meets none gets the last line. */
export function RuleEditor({ plain, names, standard, onChange }: RuleEditorProps) {
  const { rules, otherwise } = plain
  const put = (next: readonly PlainRule[]) => onChange({ ...plain, rules: [...next] })
  const first = names.find((name) => name !== standard) ?? names[0] ?? ''
  const add = () =>
    put([...rules, { match: 'all', conditions: [emptyCondition], outcome: { kind: 'variant', variant: first } }])
  return (
    <>
      <ol className={classes.rules}>
        {rules.map((rule, at) => (
          // A rule has no name but its place, and its fields hold nothing of their own.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above.
          <li key={at} className={classes.rule}>
            <RuleHead
              at={at}
              count={rules.length}
              onMove={(to) => put(moved(rules, at, to))}
              onRemove={() => put(rules.filter((_, index) => index !== at))}
            />
            <Conditions
              of={`rule ${at + 1}`}
              rule={rule}
              onChange={(next) => put(rules.map((each, index) => (index === at ? { ...each, ...next } : each)))}
            />
            <div className={classes.gets}>
              <span className={classes.word}>gets</span>
              <OutcomeFields
                of={`rule ${at + 1}`}
                outcome={rule.outcome}
                names={names}
                standard={standard}
                onChange={(outcome) => put(rules.map((each, index) => (index === at ? { ...each, outcome } : each)))}
              />
            </div>
          </li>
        ))}
        <li className={classes.rule}>
          <div className={`${classes.gets} ${classes.alone}`}>
            <span className={classes.word}>{rules.length === 0 ? 'Everybody gets' : 'Otherwise'}</span>
            <OutcomeFields
              of="everybody else"
              outcome={otherwise}
              names={names}
              standard={standard}
              onChange={(outcome) => onChange({ ...plain, otherwise: outcome })}
            />
          </div>
        </li>
      </ol>
      <div className={classes.adds}>
        <Button variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
          Add a rule
        </Button>
      </div>
    </>
  )
}

function moved(rules: readonly PlainRule[], from: number, to: number): PlainRule[] {
  const next = rules.filter((_, index) => index !== from)
  next.splice(to, 0, rules[from]!)
  return next
}

interface RuleHeadProps {
  at: number
  count: number
  onMove: (to: number) => void
  onRemove: () => void
}

function RuleHead({ at, count, onMove, onRemove }: RuleHeadProps) {
  const name = `rule ${at + 1}`
  return (
    <div className={classes.ruleHead}>
      <span>Rule {at + 1}</span>
      {count > 1 && (
        <>
          <ActionIcon aria-label={`Move ${name} up`} disabled={at === 0} size={28} onClick={() => onMove(at - 1)}>
            <IconArrowUp size={14} />
          </ActionIcon>
          <ActionIcon
            aria-label={`Move ${name} down`}
            disabled={at === count - 1}
            size={28}
            onClick={() => onMove(at + 1)}
          >
            <IconArrowDown size={14} />
          </ActionIcon>
        </>
      )}
      <ActionIcon aria-label={`Remove ${name}`} size={28} onClick={onRemove}>
        <IconX size={14} />
      </ActionIcon>
    </div>
  )
}

type Asked = Pick<PlainRule, 'match' | 'conditions'>

/** Also what a segment is made of. */
export function Conditions({ of, rule, onChange }: { of: string; rule: Asked; onChange: (asked: Asked) => void }) {
  const { match, conditions } = rule
  const put = (next: readonly PlainCondition[]) => onChange({ match, conditions: [...next] })
  return (
    <>
      <div className={classes.words}>
        <span className={classes.word}>{conditions.length === 0 ? 'For everybody' : 'For whom'}</span>
        {conditions.length > 1 && (
          <NativeSelect
            size="xs"
            aria-label={`How the conditions of ${of} are joined`}
            data={[
              { value: 'all', label: 'all of these hold' },
              { value: 'any', label: 'one of these holds' },
            ]}
            value={match}
            onChange={(event) => onChange({ match: event.currentTarget.value as PlainRule['match'], conditions })}
          />
        )}
      </div>
      <ul className={classes.conditions} style={{ marginTop: conditions.length > 0 ? 8 : 0 }}>
        {conditions.map((condition, at) => (
          <ConditionRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a condition has no name but its place.
            key={at}
            condition={condition}
            label={`condition ${at + 1} of ${of}`}
            onChange={(next) => put(conditions.map((each, index) => (index === at ? next : each)))}
            onRemove={() => put(conditions.filter((_, index) => index !== at))}
          />
        ))}
      </ul>
      <div className={classes.adds}>
        <Button
          variant="subtle"
          leftSection={<IconPlus size={14} />}
          onClick={() => put([...conditions, emptyCondition])}
        >
          Add a condition
        </Button>
        <Button
          variant="subtle"
          leftSection={<IconPlus size={14} />}
          onClick={() => put([...conditions, { segment: '', is: 'in' }])}
        >
          Add a segment
        </Button>
      </div>
    </>
  )
}
