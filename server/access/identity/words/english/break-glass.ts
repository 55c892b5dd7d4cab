export const breakGlass = {
  title: 'Sign in to the console with a printed code',
  link: 'No mail? Use a printed code',
  lede: 'For administrators who have printed codes. This way in needs no mail; each code works once.',
  code: 'Printed code',
  hint: 'Sixteen letters and digits, as they stand on your sheet. Dashes and small letters do not matter.',
  submit: 'Sign in',
  wrong: 'This address and this code do not belong together, or the code was used. Try the next one on your sheet.',
  doneTitle: 'You are signed in',
  done: (email: string, left: number) =>
    left === 1
      ? `The console is open to ${email}. One code is left on your sheet; cross out the one you used.`
      : `The console is open to ${email}. ${left} codes are left on your sheet; cross out the one you used.`,
  few: 'Print a new sheet as soon as mail works again.',
  mail: {
    subject: (brand: string) => `Printed code used to enter the console of ${brand}`,
    title: 'Somebody entered the console with a printed code',
    what: (email: string, brand: string) =>
      `A printed code of ${email} was used to sign in to the console of ${brand}.`,
    when: 'When',
    address: 'Network address',
    left: 'Codes left',
    next: 'If none of you did this, end the session in the console and print new codes: whoever has the sheet can use the next one.',
    button: 'Open the console',
  },
}
