import { TagsInput } from '@mantine/core'
import { givenRoles } from '../api/wire/organizations.ts'
import classes from './roles-field.module.css'
import { meanings, ROLES_MAX } from './roles.ts'

interface RolesFieldProps {
  value: string[]
  error: string | undefined
  /** The first field of its dialog. */
  isFirst?: boolean
  onChange: (roles: string[]) => void
}

/** Roles as chips: the given ones are offered, own ones are typed. Enter adds one, Backspace takes the last away. */
export function RolesField({ value, error, isFirst, onChange }: RolesFieldProps) {
  return (
    <TagsInput
      size="xs"
      label="Roles"
      description="Choose one, or type a role of your product and press Enter. Your applications read them."
      data={[...givenRoles]}
      value={value}
      error={error}
      maxTags={ROLES_MAX}
      {...(isFirst && { 'data-autofocus': true })}
      acceptValueOnBlur
      classNames={{ inputField: classes.typed }}
      openOnFocus={false}
      comboboxProps={{ withinPortal: true }}
      renderOption={({ option }) => (
        <span className={classes.option}>
          {option.value}
          <span className={classes.meaning}>{meanings[option.value]}</span>
        </span>
      )}
      onChange={(roles) => onChange([...new Set(roles.map((role) => role.trim()))])}
    />
  )
}

/** What somebody is in an organisation. */
export function Roles({ roles }: { roles: readonly string[] }) {
  return (
    <ul className={classes.roles} aria-label="Roles">
      {roles.map((role) => (
        <li key={role} className={classes.role} data-given={role in meanings || undefined}>
          {role}
        </li>
      ))}
    </ul>
  )
}
