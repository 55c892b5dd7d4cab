import { Button, Checkbox, Input } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { allScopes, type Scope } from '../api/wire/scopes.ts'
import { overviewQuery } from '../reading/overview.ts'
import { groupScopes, meaningOf } from './scope-groups.ts'
import classes from './scopes-field.module.css'

interface ScopesFieldProps {
  value: readonly Scope[]
  error: string | undefined
  onChange: (scopes: Scope[]) => void
}

/** What a token may do. Nobody gives what they have not, so what the reader may not do themselves cannot be ticked. */
export function ScopesField({ value, error, onChange }: ScopesFieldProps) {
  const own = useQuery(overviewQuery).data?.actor?.scopes ?? allScopes
  const reading = own.filter((scope) => scope.endsWith(':read'))
  return (
    <Input.Wrapper
      size="xs"
      label="May"
      labelElement="div"
      description="Only what this program needs: whoever has the token can do all of it."
      error={error}
    >
      <Checkbox.Group value={[...value]} onChange={(chosen) => onChange(chosen as Scope[])}>
        <div className={classes.groups}>
          {groupScopes(allScopes).map(({ noun, name, scopes }) => (
            <fieldset key={noun} className={classes.group}>
              <legend className={classes.legend}>{name}</legend>
              {scopes.map((scope) => (
                <Checkbox
                  key={scope}
                  size="xs"
                  value={scope}
                  label={meaningOf(scope)}
                  description={own.includes(scope) ? scope : `${scope}: you do not have this yourself`}
                  disabled={!own.includes(scope)}
                />
              ))}
            </fieldset>
          ))}
        </div>
      </Checkbox.Group>
      <div className={classes.ways}>
        <Button variant="subtle" size="compact-xs" onClick={() => onChange(reading)}>
          Everything that only reads
        </Button>
        <Button variant="subtle" size="compact-xs" onClick={() => onChange([])}>
          Nothing
        </Button>
      </div>
    </Input.Wrapper>
  )
}
