/** What browsers say when nobody listens at an address. */
const unreachable = 'Failed to fetch'
const rejectText = /Reject text: (.+)/
const errorCode = /Error code: (IC\d{4})/

/**
 * An error in one line that a person can read. Agents wrap the network's own words in a page of context; the words
 * and the code are what matters.
 */
export const failureText = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error)
  if (message.includes(unreachable)) return 'The network does not answer.'
  const text = rejectText
    .exec(message)?.[1]
    ?.trim()
    .replace(/\.{2,}$/, '.')
  if (text === undefined) return message.split('\n')[0]?.trim() || 'Something went wrong without saying what.'
  const code = errorCode.exec(message)?.[1]
  return code === undefined || text.includes(code) ? text : `${text} (${code})`
}
