import { NativeSelect } from '@mantine/core'
import { sayRule } from '@holdfast/sdk/flag-rules'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/call.ts'
import type { Flag, FlagChanged, FlagsChanged } from '../api/wire/flags.ts'
import { api, type FlagAsk, to } from '../paths.ts'
import { useReasonNotToChange } from './use-reason-not-to-change.ts'
import { Reasoned } from './reasoned.tsx'

interface AskProps {
  flag: Flag
  onClose: () => void
}

/** The question that the address holds open. */
export function FlagAsked({ ask, ...props }: AskProps & { ask: FlagAsk | undefined }) {
  switch (ask) {
    case 'kill':
      return <Kill {...props} />
    case 'switch-on':
      return <SwitchOn {...props} />
    case 'archive':
      return <Archive {...props} />
    case 'bring-back':
      return <BringBack {...props} />
    case 'delete':
      return <Delete {...props} />
    default:
      return null
  }
}

const undo = 'Its history undoes it.'

/** For who has no time to look: it needs no newest state, and undo takes it back. */
function Kill({ flag, onClose }: AskProps) {
  const mayNot = useReasonNotToChange('flags:kill')
  const [variant, setVariant] = useState('')
  return (
    <Reasoned<FlagChanged>
      title={`Kill ${flag.key}?`}
      purpose={`For everybody, at once, whatever the rule says. ${undo}`}
      yes={variant === '' ? 'Switch off for everybody' : `Give everybody ${variant}`}
      mayNot={mayNot ?? (variant === '' && !flag.is_enabled ? 'It is off already.' : null)}
      send={(body, idempotencyKey) =>
        call({
          path: api.flagKill(flag.key),
          method: 'POST',
          body: { ...body, ...(variant !== '' && { variant }) },
          idempotencyKey,
        })
      }
      said={({ number }) => ({
        title: variant === '' ? `${flag.key} is off` : `Everybody gets ${variant} of ${flag.key}`,
        message: `Applications follow within a second: ${number}.`,
      })}
      onClose={onClose}
    >
      <NativeSelect
        label="Everybody gets"
        size="xs"
        data={[
          { value: '', label: 'the default of the code (off)' },
          ...flag.variants.map((name) => ({ value: name, label: name })),
        ]}
        value={variant}
        onChange={(event) => setVariant(event.currentTarget.value)}
      />
    </Reasoned>
  )
}

function SwitchOn({ flag, onClose }: AskProps) {
  return (
    <Reasoned<FlagChanged>
      title={`Switch ${flag.key} on?`}
      purpose={`Then its rule counts again: ${sayWhenOn(flag)}`}
      yes="Switch on"
      mayNot={useReasonNotToChange('flags:write')}
      send={(body, idempotencyKey) =>
        call({
          path: api.flag(flag.key),
          method: 'PATCH',
          body: { ...body, made_on: flag.version, definition: { ...flag.definition, state: 'ENABLED' } },
          idempotencyKey,
        })
      }
      said={({ number }) => ({
        title: `${flag.key} is on`,
        message: `Applications follow within a second: ${number}.`,
      })}
      onClose={onClose}
    />
  )
}

const sayWhenOn = ({ definition }: Flag) => `${sayRule({ ...definition, state: 'ENABLED' })}.`

function Archive({ flag, onClose }: AskProps) {
  return (
    <Reasoned<FlagsChanged>
      title={`Archive ${flag.key}?`}
      purpose="It is delivered no more: code that still asks for it gets its own default. It stays in the list of archived flags and can be brought back."
      yes="Archive flag"
      mayNot={useReasonNotToChange('flags:write')}
      send={(body, idempotencyKey) => call({ path: api.flagArchive(flag.key), method: 'POST', body, idempotencyKey })}
      said={() => ({ title: `${flag.key} is archived`, message: 'It can be brought back at any time.' })}
      onClose={onClose}
    />
  )
}

function BringBack({ flag, onClose }: AskProps) {
  return (
    <Reasoned<FlagChanged>
      title={`Bring ${flag.key} back?`}
      purpose={`It is delivered again, as it was: ${flag.sentence}.`}
      yes="Bring back"
      mayNot={useReasonNotToChange('flags:write')}
      send={(body, idempotencyKey) => call({ path: api.flagBringBack(flag.key), method: 'POST', body, idempotencyKey })}
      said={() => ({ title: `${flag.key} is delivered again`, message: 'As it was before it was archived.' })}
      onClose={onClose}
    />
  )
}

/** Not for good either: the log keeps what it was, and undoing the deletion brings it back. */
function Delete({ flag, onClose }: AskProps) {
  const navigate = useNavigate()
  return (
    <Reasoned<FlagsChanged>
      title={`Delete ${flag.key}?`}
      purpose="It is gone from the list, and code that still asks for it gets its own default. The history keeps what it was, and undoing the deletion there brings it back. Archive it when you may want it again."
      yes="Delete flag"
      mayNot={useReasonNotToChange('flags:write')}
      send={(body, idempotencyKey) =>
        call({ path: api.flagDeletion(), method: 'POST', body: { ...body, keys: [flag.key] }, idempotencyKey })
      }
      said={() => ({ title: `${flag.key} is deleted`, message: 'Its history brings it back.' })}
      onDone={() => void navigate(to.flagChanges({ key: flag.key, kind: 'flag' }))}
      onClose={onClose}
    />
  )
}
