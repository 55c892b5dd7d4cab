import { notifications } from '@mantine/notifications'
import { type PlainRule, writeSegment } from '@holdfast/sdk/flag-rules'
import { useNavigate } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import type { SegmentChanged } from '../api/wire/flags.ts'
import { complaintAbout } from '../flags/edit/complaints.ts'
import { Conditions } from '../flags/edit/rule-editor.tsx'
import { keyComplaint } from '../flags/key-of.ts'
import { NameAndKey } from '../flags/name-and-key.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { api, to } from '../paths.ts'

interface Values {
  name: string
  key: string
  asked: Pick<PlainRule, 'match' | 'conditions'>
}

const initial: Values = {
  name: '',
  key: '',
  asked: { match: 'all', conditions: [{ attribute: '', is: 'is', values: [] }] },
}

export function MakeSegment({ reason, onClose }: { reason: string | null; onClose: () => void }) {
  const navigate = useNavigate()
  const form = useForm<Values, SegmentChanged>({
    initial,
    check: ({ key, asked }) => {
      const about = keyComplaint(key)
      const wrong = asked.conditions.map(complaintAbout).find((complaint) => complaint !== undefined)
      return { ...(about && { key: about }), ...(wrong && { asked: `Of its conditions: ${wrong}` }) }
    },
    send: ({ name, key, asked }, idempotencyKey) =>
      call({
        path: api.segments(),
        method: 'POST',
        body: { key, definition: writeSegment(asked), ...(name.trim() && { name: name.trim() }) },
        idempotencyKey,
      }),
    refusals: { 'flags.exists': 'key', 'flags.bad_definition': 'asked' },
    onDone: ({ segment }) => {
      notifications.show({ title: `${segment.key} is made`, message: 'No flag asks it yet: choose it in a rule.' })
      void navigate(to.segment(segment.key))
    },
  })
  const { asked } = form.values
  const wrong = form.errorOf('asked')
  return (
    <FormDialog
      isOpen
      size={640}
      title="Make a segment"
      purpose="Who is meant, said once under a name. Nobody gets anything by it until a flag asks it."
      yes="Make segment"
      form={form}
      reason={reason}
      onClose={onClose}
    >
      <NameAndKey form={form} examples={{ name: 'Beta testers', key: 'beta-testers' }} keyIs="What flags ask by." />
      <div>
        <Conditions of="the segment" rule={asked} onChange={(next) => form.set('asked', next)} />
        {wrong && (
          <p role="alert" style={{ margin: 0, color: 'var(--failing)' }}>
            {wrong}
          </p>
        )}
      </div>
    </FormDialog>
  )
}
