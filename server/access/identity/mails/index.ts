export { type FirstAdministratorMailProps, firstAdministratorMail } from './first-administrator-mail.ts'
export type { Letter, Mail } from './mail.ts'
export { type NewDeviceMailProps, newDeviceMail } from './new-device-mail.ts'
export { type SignInMailProps, signInMail } from './sign-in-mail.ts'
