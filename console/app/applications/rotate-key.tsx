import { Radio } from '@mantine/core'
import { useState } from 'react'
import { call } from '../api/call.ts'
import type { Application, ApplicationWithKey } from '../api/wire/applications.ts'
import { AskDeed } from '../form/ask-deed.tsx'
import { api } from '../paths.ts'
import { KeyOnce } from './key-once.tsx'
import classes from './on-unknown-field.module.css'

interface RotateKeyProps {
  application: Application
  isAsked: boolean
  onClose: () => void
}

/**
 * A new key. The one before goes on for a day, so that nobody is refused while servers are changed over. Mounted for as
 * long as the application is shown: the key that is made outlives the question.
 */
export function RotateKey({ application, isAsked, onClose }: RotateKeyProps) {
  const [previous, setPrevious] = useState<'day' | 'now'>('day')
  const [made, setMade] = useState<ApplicationWithKey | null>(null)
  if (made) return <KeyOnce made={made} onStored={() => setMade(null)} />
  return (
    <AskDeed
      isOpen={isAsked}
      title={`Rotate the key of ${application.name}?`}
      yes="Make a new key"
      isDestructive={previous === 'now'}
      deed={(idempotencyKey) =>
        call<ApplicationWithKey>({
          path: api.applicationKeyRotations(application.id),
          method: 'POST',
          body: previous === 'now' ? { revoke_previous: true } : {},
          idempotencyKey,
        })
      }
      said={() => null}
      onDone={setMade}
      onClose={onClose}
    >
      <p>A new key is made and shown once. Nobody is signed out by this.</p>
      <Radio.Group
        size="xs"
        label={`The key that ends in ${application.key_hint ?? 'unknown'}`}
        value={previous}
        onChange={(chosen) => setPrevious(chosen as 'day' | 'now')}
      >
        <div className={classes.choices}>
          <Radio
            size="xs"
            value="day"
            label="Stays good for 24 hours"
            description="Time to put the new one into every server, one after the other."
          />
          <Radio
            size="xs"
            value="now"
            label="Is refused at once"
            description="When somebody else may have it. Servers that still use it let nobody sign in or out until they have the new one."
          />
        </div>
      </Radio.Group>
    </AskDeed>
  )
}
