/** The page at the root of a local network: what runs here and where to find it. */
import { escapeHtml, htmlPage } from './html.ts'

export interface LandingEntry {
  readonly name: string
  readonly id: string
  /** The canister's own page, or the one that its methods can be called on. */
  readonly url: string
}

export function landingPage(entries: readonly LandingEntry[]): Response {
  const rows = entries.map(
    ({ name, id, url }) => `<tr><td><a href="${escapeHtml(url)}">${escapeHtml(name)}</a></td><td><code>${escapeHtml(id)}</code></td></tr>`,
  )
  const canisters =
    rows.length === 0
      ? '<p>No canister of this project has been created yet. Deploy with <code>tidemark deploy</code>.</p>'
      : `<table><thead><tr><th>Canister</th><th>Id</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
  return htmlPage(
    'Tidemark: local network',
    `<h1>Local network</h1>
<p>This is a local Internet Computer. Agents use this address; its status is at <a href="/api/v2/status">/api/v2/status</a>.</p>
${canisters}`,
  )
}
