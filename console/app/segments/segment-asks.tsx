import { useNavigate } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import type { FlagsChanged, Segment } from '../api/wire/flags.ts'
import { Reasoned } from '../flags/reasoned.tsx'
import { AskDeed } from '../form/ask-deed.tsx'
import { api, type SegmentAsk, to } from '../paths.ts'
import { useReasonNotToChange } from '../flags/use-reason-not-to-change.ts'

interface AskProps {
  segment: Segment
  onClose: () => void
}

export function SegmentAsked({ ask, ...props }: AskProps & { ask: SegmentAsk | undefined }) {
  switch (ask) {
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

/** Refused while a flag asks it: then nobody is let in or out by accident. */
function Archive({ segment: { key }, onClose }: AskProps) {
  return (
    <Reasoned<FlagsChanged>
      title={`Archive ${key}?`}
      purpose="No flag can ask it then; while one still does, this is refused. It can be brought back."
      yes="Archive segment"
      mayNot={useReasonNotToChange('flags:write')}
      send={(body, idempotencyKey) => call({ path: api.segmentArchive(key), method: 'POST', body, idempotencyKey })}
      said={() => ({ title: `${key} is archived`, message: 'It can be brought back at any time.' })}
      onClose={onClose}
    />
  )
}

function BringBack({ segment: { key, sentence }, onClose }: AskProps) {
  return (
    <Reasoned<FlagsChanged>
      title={`Bring ${key} back?`}
      purpose={`Flags can ask it again: ${sentence}.`}
      yes="Bring back"
      mayNot={useReasonNotToChange('flags:write')}
      send={(body, idempotencyKey) => call({ path: api.segmentBringBack(key), method: 'POST', body, idempotencyKey })}
      said={() => ({ title: `${key} is back`, message: 'As it was before it was archived.' })}
      onClose={onClose}
    />
  )
}

function Delete({ segment: { key }, onClose }: AskProps) {
  const navigate = useNavigate()
  return (
    <AskDeed<FlagsChanged>
      isOpen
      title={`Delete ${key}?`}
      yes="Delete segment"
      isDestructive
      deed={(idempotencyKey) => call({ path: api.segment(key), method: 'DELETE', idempotencyKey })}
      said={() => ({ title: `${key} is deleted`, message: 'Its history brings it back.' })}
      onDone={() => void navigate(to.segments())}
      onClose={onClose}
    >
      <p>
        It is gone from the list; while a flag still asks it, this is refused. The history keeps what it was, and
        undoing the deletion brings it back.
      </p>
    </AskDeed>
  )
}
