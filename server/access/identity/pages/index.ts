export { type AccountProps, accountPage } from './account-page.ts'
export { type BrandAccent, brandColour, brandStyle } from './brand-style.ts'
export { type CodeProps, codePage } from './code-page.ts'
export { type EnrolProps, enrolDonePage, enrolPage, enrolSpentPage } from './enrol-page.ts'
export {
  type LinkElsewhereProps,
  type LinkReadyProps,
  type LinkSpentProps,
  linkElsewherePage,
  linkReadyPage,
  linkSpentPage,
} from './link-page.ts'
export { linkOnlyPage } from './link-only-page.ts'
export { type DevelopmentMail, mailboxPage, mailGonePage, mailPage } from './mailbox-page.ts'
export type { Notice, State } from './mark.ts'
export { moment } from './moment.ts'
export type { Brand, Form, Page } from './page.ts'
export { NAME_LENGTH_MAX, PICTURE_URL_LENGTH_MAX, type ProfileProps } from './profile-form.ts'
export {
  crossSitePage,
  forbiddenPage,
  notFoundPage,
  type RefusalProps,
  refusalPage,
  returnToRefusedPage,
  type TooManyProps,
  tooManyPage,
} from './refusal-page.ts'
export type { EndedSession, LiveSession } from './session-list.ts'
export { type SignedOutProps, type SignOutProps, signedOutPage, signOutPage } from './sign-out-page.ts'
export { type SignInProps, signInPage } from './sign-in-page.ts'
export { type UnavailableProps, unavailablePage } from './unavailable-page.ts'
