import { NumberInput, TagsInput, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import type { FlagRehearsal, FlagsRestored } from '../../api/wire/flags.ts'
import { FormDialog } from '../../form/form-dialog.tsx'
import { useForm } from '../../form/use-form.ts'
import { api } from '../../paths.ts'
import { saveFile } from '../../ui/save-file.ts'
import { DiffLines } from '../diff-lines.tsx'
import classes from './changes.module.css'

interface Values {
  /** As the field has it, in the reader's own zone; empty: what access serves. */
  at: string
  keys: string[]
  reason: string
  confirm: string
}

const empty: Values = { at: '', keys: [], reason: '', confirm: '' }

interface RestoreFlagsProps {
  how: keyof typeof ways
  reason: string | null
  onClose: () => void
}

const ways = {
  restore: {
    title: 'Restore flags',
    purpose:
      'All flags and segments, or some by name, as they were at an instant. A new epoch begins, which every application follows; the history keeps everything.',
    yes: 'Restore',
    path: api.flagRestore(),
  },
  adopt: {
    title: 'Adopt what the database has',
    purpose:
      'For a database that was put back on purpose: what it has becomes the truth, and what access serves and the database lacks goes away. A new epoch begins, which every application follows.',
    yes: 'Adopt',
    path: api.flagAdopt(),
  },
} as const

/** First what would happen, exactly; then, with its number said, the doing of it. What was there is saved to a file. */
export function RestoreFlags({ how, reason, onClose }: RestoreFlagsProps) {
  const { title, purpose, yes, path } = ways[how]
  const [rehearsed, setRehearsed] = useState<FlagRehearsal | null>(null)
  const form = useForm<Values, FlagRehearsal | FlagsRestored>({
    initial: empty,
    check: wrongIn,
    send: (values, idempotencyKey) =>
      call({
        path,
        method: 'POST',
        body: { ...bodyOf(values), ...(rehearsed ? confirmOf(rehearsed) : { dry_run: true }) },
        idempotencyKey,
      }),
    onDone: (outcome) => {
      if (!('number' in outcome)) return setRehearsed(outcome)
      keepBefore(outcome)
      onClose()
      notifications.show({
        title: 'Flags are restored',
        message: `${sayCounts(outcome)}. What was there before is in a file. Applications follow: ${outcome.number}.`,
      })
    },
  })
  // Another question than the one that was rehearsed has another answer.
  const ask = <Name extends 'at' | 'keys'>(name: Name, value: Values[Name]) => {
    setRehearsed(null)
    form.set(name, value)
  }
  const nothing = rehearsed && rehearsed.added + rehearsed.changed + rehearsed.removed === 0
  return (
    <FormDialog
      isOpen
      size={600}
      title={title}
      purpose={purpose}
      yes={rehearsed ? yes : 'Show what would happen'}
      form={form}
      reason={reason ?? (nothing ? 'Nothing would change.' : notConfirmed(form.values, rehearsed))}
      onClose={onClose}
    >
      {how === 'restore' && (
        <>
          <TextInput
            type="datetime-local"
            step={1}
            label="As they were at"
            description="In your time zone. Left empty: what access serves is written back into tables that lost it."
            data-autofocus
            {...form.field('at')}
            onChange={(event) => ask('at', event.currentTarget.value)}
          />
          <TagsInput
            label="Only these"
            description="Keys of flags and segments. Left empty: all of them."
            size="xs"
            placeholder={form.values.keys.length === 0 ? 'All' : ''}
            acceptValueOnBlur
            value={form.values.keys}
            onChange={(keys) => ask('keys', keys)}
          />
        </>
      )}
      <TextInput
        label="Why"
        placeholder="Rolled back the release of 14:00"
        autoComplete="off"
        maxLength={500}
        {...form.field('reason')}
      />
      {rehearsed && <Told rehearsed={rehearsed} />}
      {rehearsed && rehearsed.confirm !== null && (
        <NumberInput
          size="xs"
          label={`This takes away ${rehearsed.confirm} that are delivered now. Type ${rehearsed.confirm} to go on`}
          value={form.values.confirm}
          onChange={(value) => form.set('confirm', String(value))}
        />
      )}
    </FormDialog>
  )
}

function wrongIn({ at }: Values): Partial<Record<keyof Values, string>> {
  return at !== '' && Number.isNaN(Date.parse(at)) ? { at: 'Write a day and a time.' } : {}
}

/** What takes much away is done when its number was said, and not by one who only pressed Enter twice. */
function notConfirmed({ confirm }: Values, rehearsed: FlagRehearsal | null): string | null {
  if (rehearsed?.confirm == null || Number(confirm) === rehearsed.confirm) return null
  return `Type ${rehearsed.confirm} first.`
}

function bodyOf({ at, keys, reason }: Values) {
  return {
    ...(at !== '' && { at: new Date(at).toISOString() }),
    ...(keys.length > 0 && { keys }),
    ...(reason.trim() && { reason: reason.trim() }),
  }
}

const confirmOf = ({ confirm }: FlagRehearsal) => (confirm === null ? {} : { confirm })

function Told({ rehearsed }: { rehearsed: FlagRehearsal }) {
  const { added, changed, removed, differences } = rehearsed
  const total = added + changed + removed
  if (total === 0) return <p role="status">Nothing would change: it is so already.</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard.
    <section className={classes.told} aria-label="What would happen" tabIndex={0}>
      <p className={classes.counts} role="status">
        {sayCounts(rehearsed)}. Nothing is done yet.
      </p>
      {differences.map(({ kind, key, diff }) => (
        <div key={`${kind} ${key}`} className={classes.one}>
          <p>{key || 'metadata of all'}</p>
          <DiffLines lines={diff} label={`What would change of ${key}`} />
        </div>
      ))}
      {differences.length < total && <p>And {total - differences.length} more.</p>}
    </section>
  )
}

function sayCounts({ added, changed, removed }: Pick<FlagRehearsal, 'added' | 'changed' | 'removed'>): string {
  return `${added} come back, ${changed} change, ${removed} go away`
}

/** Before anything is overwritten it is at hand, also when the next thing goes wrong. */
function keepBefore({ before }: FlagsRestored) {
  const name = `flags-before-${before.number ?? 'restore'}.json`
  saveFile(name, 'application/json', JSON.stringify(before.definition, null, 2))
}
