import { readTheme } from '../../src/design/theme.ts'
import { findNetwork } from '../../src/feed/network.ts'
import { CandidPage } from './views/candidPage.ts'

readTheme()
const page = new CandidPage()
const asked = new URLSearchParams(location.search)
page.canister = asked.get('id') ?? ''
page.did = decodeDid(asked.get('did'))
page.network = await findNetwork({ address: location, cookies: document.cookie, fetchJson: () => Promise.resolve(undefined) })
if (page.canister !== '') document.title = `Candid: ${page.canister}`
document.body.prepend(page)

/** Links carry an interface as Base64; one that is no such text is as none. */
function decodeDid(encoded: string | null): string | undefined {
  if (encoded === null) return undefined
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(encoded), (character) => character.codePointAt(0) ?? 0))
  } catch {
    return undefined
  }
}
