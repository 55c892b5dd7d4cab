import { Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import type { SignInPolicyInForce } from '../../api/wire/fail-over.ts'
import type { Organization } from '../../api/wire/organizations.ts'
import { FormDialog } from '../../form/form-dialog.tsx'
import { useForm } from '../../form/use-form.ts'
import { api } from '../../paths.ts'
import { NeedsFreshSignIn } from '../../tokens/fresh-sign-in.tsx'
import { useClock } from '../../ui/clock.tsx'
import { sayMoment } from '../../ui/moment.ts'
import { PolicyFields } from './policy-fields.tsx'
import { PolicyPreview } from './policy-preview.tsx'
import { policyOf, type PolicyValues, refusedAt, valuesOf, wrongIn } from './policy-values.ts'

interface EditPolicyProps {
  organization: Organization
  inForce: SignInPolicyInForce
  reason: string | null
  onClose: () => void
}

const REASON_MAX = 500

/** What it began with stays: if somebody else changed it meanwhile, access refuses by the epoch and nothing is lost. */
export function EditPolicy({ organization, inForce, reason, onClose }: EditPolicyProps) {
  const { serverNowMs } = useClock()
  const [before] = useState(inForce)
  const form = useForm<PolicyValues, SignInPolicyInForce>({
    initial: valuesOf(before.policy),
    check: wrongIn,
    send: (values, idempotencyKey) =>
      call({
        path: api.signInPolicy(organization.id),
        method: 'PUT',
        body: { policy: policyOf(values), reason: values.reason.trim(), epoch: before.epoch },
        idempotencyKey,
      }),
    refusals: refusedAt,
    onDone: ({ waiting }) => {
      onClose()
      notifications.show(
        waiting
          ? {
              title: 'The policy is looser, so it waits',
              message: `It takes effect on ${sayMoment(Date.parse(waiting.takes_effect_at), serverNowMs)}, and can be withdrawn until then.`,
            }
          : { title: 'The policy is in force', message: 'Whoever signs in from now on meets it.' },
      )
    },
  })
  const isChanged = JSON.stringify(policyOf(form.values)) !== JSON.stringify(before.policy)
  return (
    <FormDialog
      isOpen
      title={`How ${organization.name} signs in`}
      purpose="A stricter policy is in force at once. A looser one waits for a day, so that nobody can open a door and walk through it, and never begins while the provider is down."
      yes="Save policy"
      form={form}
      reason={reason ?? (isChanged ? null : 'Nothing is changed yet.')}
      size={640}
      onClose={onClose}
    >
      <NeedsFreshSignIn />
      <PolicyFields form={form} />
      <PolicyPreview organizationId={organization.id} policy={policyOf(form.values)} />
      <Textarea
        size="xs"
        label="Why"
        placeholder="Agreed with their security on 20 November, ticket 4711"
        autosize
        minRows={2}
        maxLength={REASON_MAX}
        {...form.field('reason')}
      />
    </FormDialog>
  )
}
