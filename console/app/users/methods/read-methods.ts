import type { SignInMethods } from '../../api/wire/fail-over.ts'
import { oneQuery } from '../../list/list-query.ts'
import { api } from '../../paths.ts'

export const methodsQuery = (userId: string) => oneQuery<SignInMethods>('sign-in methods', api.signInMethods(userId))
