/** The page at the root of a local network: what runs here and where to find it. */

export interface LandingEntry {
  readonly name: string
  readonly id: string
  readonly url: string
}

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 46rem; margin: 3rem auto; padding: 0 1rem }
  table { border-collapse: collapse; width: 100% }
  th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent) }
  code { font: .9em ui-monospace, monospace }`

export function landingPage(entries: readonly LandingEntry[]): string {
  const rows = entries.map(({ name, id, url }) => `<tr><td><a href="${escape(url)}">${escape(name)}</a></td><td><code>${escape(id)}</code></td></tr>`)
  const canisters =
    rows.length === 0
      ? '<p>No canister of this project has been created yet. Deploy with <code>tidemark deploy</code>.</p>'
      : `<table><thead><tr><th>Canister</th><th>Id</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tidemark: local network</title><style>${style}</style></head>
<body>
<h1>Local network</h1>
<p>This is a local Internet Computer. Agents use this address; its status is at <a href="/api/v2/status">/api/v2/status</a>.</p>
${canisters}
</body>
</html>
`
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter] ?? letter)
}
