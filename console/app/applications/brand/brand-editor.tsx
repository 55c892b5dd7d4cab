import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import type { Application } from '../../api/wire/applications.ts'
import { useForm } from '../../form/use-form.ts'
import { api } from '../../paths.ts'
import { DeedFailed } from '../../reading/deed-failed.tsx'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { ActButton } from '../../ui/act-button.tsx'
import { AccentField } from './accent-field.tsx'
import classes from './brand-editor.module.css'
import { type BrandValues, brandOf, changesOf, valuesOf, wrongIn } from './brand-values.ts'
import { LeaveUnsaved } from '../../form/leave-unsaved.tsx'
import { LogoField } from './logo-field.tsx'
import { BrandPreview } from './preview.tsx'
import { refusedField, usePreview } from './use-preview.ts'

/** Long enough that a slider under way asks for a few pictures, not for a hundred. */
const PAUSE_MS = 350

/** What is being changed beside what comes of it. What the form began with stays until it is saved. */
export function BrandEditor({ application }: { application: Application }) {
  const [saved, setSaved] = useState(() => valuesOf(application.brand))
  const form = useForm<BrandValues, Application>({
    initial: saved,
    check: wrongIn,
    send: (values, idempotencyKey) =>
      call({
        path: api.application(application.id),
        method: 'PATCH',
        body: { brand: changesOf(saved, values) },
        idempotencyKey,
      }),
    onDone: ({ name, brand }) => {
      setSaved(valuesOf(brand))
      // Access writes a drawing anew, with only what it knows: what is kept is what is shown.
      form.set('logo_svg', valuesOf(brand).logo_svg)
      notifications.show({ title: `The brand of ${name} is saved`, message: 'People see it at their next page.' })
    },
  })
  const { show, ...look } = useSearch({ from: '/applications/$applicationId/brand' })
  const [settled] = useDebouncedValue(form.values, PAUSE_MS)
  const shown = show === 'now' || !form.isChanged ? saved : settled
  const preview = usePreview({ brand: brandOf(shown), name: application.name, look })
  const refused = refusedField(form.failure) ?? refusedField(preview.error)
  const errorOf = (field: keyof BrandValues) =>
    form.errorOf(field) ?? wrongIn(form.values)[field] ?? (refused?.at === field ? refused.says : undefined)

  return (
    <div className={classes.editor}>
      <form className={classes.form} aria-label="Brand" noValidate onSubmit={form.submit}>
        <Fields application={application} form={form} errorOf={errorOf} />
        {form.failure && !refusedField(form.failure) && (
          <DeedFailed failure={form.failure} again="Trying again is safe: it is saved only once." />
        )}
        <Save form={form} />
        <input type="submit" hidden />
      </form>
      <BrandPreview
        application={application}
        preview={preview}
        isChanged={form.isChanged}
        isSettled={settled === form.values}
      />
      <LeaveUnsaved isChanged={form.isChanged} of="the brand" />
    </div>
  )
}

type BrandForm = ReturnType<typeof useForm<BrandValues, Application>>

interface FieldsProps {
  application: Application
  form: BrandForm
  errorOf: (field: keyof BrandValues) => string | undefined
}

function Fields({ application, form, errorOf }: FieldsProps) {
  const link = (name: 'support_url' | 'privacy_url' | 'terms_url') => ({ ...form.field(name), error: errorOf(name) })
  return (
    <>
      <TextInput
        label="Name"
        description="What people know the product by. Left empty: the name of the application."
        placeholder={application.name}
        autoComplete="off"
        maxLength={80}
        {...form.field('name')}
        error={errorOf('name')}
      />
      <AccentField value={form.values.accent} onChange={(accent) => form.set('accent', accent)} />
      <LogoField
        value={form.values.logo_svg}
        error={errorOf('logo_svg')}
        onChange={(svg) => form.set('logo_svg', svg)}
      />
      <TextInput
        label="Help"
        description="Linked at the foot of pages and mails. An address, or mailto:."
        placeholder="mailto:help@acme.example"
        {...link('support_url')}
      />
      <TextInput label="Privacy" placeholder="https://acme.example/privacy" {...link('privacy_url')} />
      <TextInput label="Terms of use" placeholder="https://acme.example/terms" {...link('terms_url')} />
    </>
  )
}

function Save({ form }: { form: BrandForm }) {
  const reason = useReasonNotTo('applications:write')
  const unchanged = form.isChanged ? null : 'Nothing is changed yet.'
  return (
    <div className={classes.save}>
      <ActButton reason={reason ?? unchanged} loading={form.isRunning} onClick={() => form.submit()}>
        Save brand
      </ActButton>
      <ActButton variant="subtle" reason={unchanged} onClick={form.reset}>
        Discard changes
      </ActButton>
      <span className={classes.state}>{form.isChanged ? 'Not saved yet' : 'As people see it now'}</span>
    </div>
  )
}
