import { type LinkProps, useNavigate } from '@tanstack/react-router'
import classes from './filters.module.css'
import { PickOrganization, PickUser } from './look-up.tsx'

interface PickFilterProps {
  label: string
  /** What stands there when nobody is chosen: `Any user`. */
  placeholder: string
  value: string | undefined
  linkFor: (id: string | undefined) => LinkProps
}

/** One of all users, found by typing. */
export function UserFilter({ label, placeholder, value, linkFor }: PickFilterProps) {
  const navigate = useNavigate()
  return (
    <PickUser
      aria-label={label}
      placeholder={placeholder}
      clearButtonProps={{ 'aria-label': placeholder }}
      className={classes.pick}
      value={value}
      onPick={(id) => navigate(linkFor(id))}
    />
  )
}

interface OrganizationFilterProps extends Pick<PickFilterProps, 'value' | 'linkFor'> {
  placeholder?: string
  /** Its width: `select` in a row of several filters, `pick` where it is the first of few. */
  width?: 'select' | 'pick'
}

/** One of all organisations, found by typing. */
export function OrganizationFilter({
  placeholder = 'Any organisation',
  width = 'select',
  value,
  linkFor,
}: OrganizationFilterProps) {
  const navigate = useNavigate()
  return (
    <PickOrganization
      aria-label="Organisation"
      placeholder={placeholder}
      clearButtonProps={{ 'aria-label': placeholder }}
      className={classes[width]}
      value={value}
      onPick={(id) => navigate(linkFor(id))}
    />
  )
}
