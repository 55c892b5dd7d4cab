/** On Holdfast's own address, for whoever an app has sent there with their passkey. */
export const handOver = {
  title: (brand: string) => `Sign in to ${brand} with a passkey`,
  confirmTitle: (brand: string) => `Confirm it for ${brand}`,
  lede: (there: string, here: string) =>
    `You have come from ${there}. Your passkey is kept for ${here}; show it here, and you are back at once.`,
  unable: (there: string) => `This browser cannot use passkeys. Go back to ${there}, and sign in another way.`,
  notYou: (there: string) =>
    `Have you not just pressed a button at ${there}? Then somebody else sent you this: close the page.`,
  back: (there: string) => `Back to ${there}`,
  overTitle: 'This sign-in is over',
  over: (there: string) => `It took longer than ten minutes, or was finished already. Begin again at ${there}.`,
}
