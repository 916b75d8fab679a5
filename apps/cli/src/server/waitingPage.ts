/** What a browser sees that asks for a system canister before it has been compiled. */
import { createHash } from 'node:crypto'
import { htmlPage } from './html.ts'

/** Reloads rather than follows a link: what stands behind the `#` of the address is for the page to come. */
const script = 'setTimeout(() => location.reload(), 1000)'

const scriptHash = createHash('sha256').update(script).digest('base64')

/** Looks again every second. */
export function waitingPage(): Response {
  const body = `<h1>One moment</h1>
<p role="status">This page belongs to a canister that is compiled when a network starts for the first time, in some ten seconds. It comes by itself.</p>
<script>${script}</script>`
  return htmlPage('One moment', body, { status: 503, scriptHash })
}
