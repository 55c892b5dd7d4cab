import { type Able, abilities, type Counted } from '../../api/wire/fail-over.ts'
import { sayNumber } from '../../ui/moment.ts'
import classes from './able-bar.module.css'

const names: Record<Able, string> = {
  passkey: 'by passkey',
  provider: 'through another provider',
  email: 'by e-mail only',
  unknown: 'not known yet',
  no: 'not at all',
}

/** Everybody in one bar, by the best way they have: what is not known is hatched, and not among those who could. */
export function AbleBar({ counted: { active, able } }: { counted: Counted }) {
  const there = abilities.filter((way) => able[way] > 0)
  if (active === 0) return null
  return (
    <div>
      <div className={classes.bar} aria-hidden="true">
        {there.map((way) => (
          <span key={way} data-way={way} style={{ flexGrow: able[way] }} />
        ))}
      </div>
      <ul className={classes.legend} aria-label="How they could sign in">
        {there.map((way) => (
          <li key={way}>
            <i data-way={way} aria-hidden="true" />
            {sayNumber(able[way])} {names[way]}
          </li>
        ))}
      </ul>
    </div>
  )
}
