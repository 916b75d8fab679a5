/** Pages that the network makes itself share one frame. */

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 46rem; margin: 3rem auto; padding: 0 1rem }
  table { border-collapse: collapse; width: 100% }
  th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent) }
  code, pre, textarea { font: .9em ui-monospace, monospace }
  textarea { width: 100%; box-sizing: border-box }
  pre { padding: .6rem; overflow: auto; background: color-mix(in srgb, currentColor 8%, transparent) }
  section { margin: 2rem 0 }`

export interface HtmlPageOptions {
  /** Default 200. */
  readonly status?: number
  /** SHA-256 of the one script in it, base64. Default: it has none. */
  readonly scriptHash?: string
}

/** A whole page. @param body - markup, with every text in it escaped */
export function htmlPage(title: string, body: string, { status = 200, scriptHash }: HtmlPageOptions = {}): Response {
  const scripts = scriptHash === undefined ? '' : ` script-src 'sha256-${scriptHash}';`
  const content = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body>
${body}
</body>
</html>
`
  return new Response(content, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none';${scripts} style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'`,
    },
  })
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter] ?? letter)
}
