import { type LinkProps, useNavigate } from '@tanstack/react-router'

/**
 * A question that is open because the address says so: a link can ask it, Back takes it back, and a reload asks it again.
 */
export function useAsking(isAsked: boolean, places: { asking: LinkProps; silent: LinkProps }) {
  const navigate = useNavigate()
  return [
    isAsked,
    {
      open: () => void navigate(places.asking),
      close: () => void navigate({ ...places.silent, replace: true }),
    },
  ] as const
}
