/** A logger that takes everything and writes nothing: what is measured is not somebody's console. */
export const quiet = { debug() {}, info() {}, warn() {}, error() {} }
