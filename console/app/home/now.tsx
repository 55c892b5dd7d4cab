import type { Dependency } from '../api/wire.ts'
import { Card } from '../ui/card.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { StateGlyph } from '../ui/state-mark.tsx'
import { Lasting, Time } from '../ui/time.tsx'
import { type Glance, nameOf, sentenceOf } from './glance.ts'
import classes from './now.module.css'
import { adviceFor } from './what-to-do.ts'

/** What is wrong, and beneath it what cannot be seen. When there is neither, that is said too. */
export function Now({ glance }: { glance: Glance }) {
  return (
    <Card title="Now">
      <ul className={classes.list}>
        {glance.wrong.map((dependency) => (
          <Trouble key={dependency.name} dependency={dependency} />
        ))}
        {glance.canSee && glance.wrong.length === 0 && <Nothing>Nothing that can be seen is wrong.</Nothing>}
        {glance.unseen.map((dependency) => (
          <Trouble key={dependency.name} dependency={dependency} />
        ))}
        {glance.unseen.length === 0 && <Nothing>Everything that is looked at can be seen.</Nothing>}
      </ul>
    </Card>
  )
}

const words = { failing: 'failing', unknown: 'unknown', ok: 'ok' }

function Trouble({ dependency }: { dependency: Dependency }) {
  const { state, since } = dependency
  return (
    <li className={classes.trouble} data-state={state}>
      <span className={classes.glyph}>
        <StateGlyph state={state} />
      </span>
      <div>
        <p className={classes.title}>
          {nameOf(dependency)} <span className={classes.state}>{words[state]}</span>
          {since && (
            <span className={classes.since}>
              for <Lasting since={since} />
            </span>
          )}
        </p>
        <p className={classes.sentence}>{sentenceOf(dependency)}</p>
        {since && (
          <p className={classes.when}>
            Since <Time at={since} />
          </p>
        )}
        <WhatToDo about={dependency} />
      </div>
    </li>
  )
}

function WhatToDo({ about }: { about: Dependency }) {
  const advice = adviceFor(about)
  if (!advice) return null
  return (
    <details className={classes.advice}>
      <summary>What to do</summary>
      <ol>
        {advice.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {advice.runbook && (
        <p>
          Step by step: <Copyable value={advice.runbook} />
        </p>
      )}
    </details>
  )
}

function Nothing({ children }: { children: React.ReactNode }) {
  return <li className={classes.nothing}>{children}</li>
}
