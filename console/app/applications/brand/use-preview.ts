import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { CallFailure } from '../../api/failure.ts'
import type { Brand, BrandPreview } from '../../api/wire/applications.ts'
import { api, type BrandSearch } from '../../paths.ts'

/** Access keeps one for five minutes. Asked for again before, so that the frame never shows one that is over. */
const KEPT_MS = 4 * 60_000
const OUTAGE_RHYTHM_MS = 2000

interface Asked {
  brand: Brand
  name: string
  look: Pick<BrandSearch, 'page' | 'language'>
}

/**
 * Where the brand can be seen at this moment, and what was seen before: that stays in the frame until the next one is
 * there, also while what is written cannot be drawn or nobody answers.
 */
export function usePreview({ brand, name, look }: Asked) {
  const body = { brand, name, page: look.page ?? 'sign-in', language: look.language ?? 'en' }
  const query = useQuery({
    queryKey: ['brand-preview', body],
    queryFn: ({ signal }) => call<BrandPreview>({ path: api.brandPreviews(), method: 'POST', body, signal }),
    staleTime: KEPT_MS,
    gcTime: KEPT_MS,
    refetchInterval: ({ state }) => {
      if (!state.error) return KEPT_MS
      return refusedField(state.error) ? false : OUTAGE_RHYTHM_MS
    },
  })
  const [seen, setSeen] = useState(query.data)
  if (query.data && query.data !== seen) setSeen(query.data)
  return { error: query.error, isFetching: query.isFetching, seen: query.data ?? seen }
}

export type Preview = ReturnType<typeof usePreview>

/** The field that a refusal of a brand is about, and what it says. */
export function refusedField(failure: Error | null): { at: string; says: string } | null {
  if (!(failure instanceof CallFailure) || !failure.code.endsWith('.bad_brand')) return null
  const { at, says } = failure.problem as { at?: unknown; says?: unknown }
  return typeof at === 'string' ? { at, says: typeof says === 'string' ? says : failure.message } : null
}
