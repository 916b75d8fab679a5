import { identityProviderOf } from '../../src/feed/network.ts'
import { openSession } from '../../src/feed/session.ts'

// The product's own session, which is the published auth client, with two buttons around it.
const element = (id: string): HTMLElement => {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`No element ${id}`)
  return found
}

const query = location.search
const session = await openSession({
  network: {
    isLocal: true,
    agentHost: location.origin,
    identityProvider: `${identityProviderOf(location)}${query}`,
    canisterIds: new Map(),
  },
  onChange: ({ principal }, reason) => {
    element('who').textContent = `${reason}: ${principal ?? 'nobody'}`
  },
})
element('login').addEventListener('click', () => {
  session.login().catch((error: unknown) => {
    element('failure').textContent = String(error)
  })
})
element('logout').addEventListener('click', () => void session.logout())
document.body.dataset['ready'] = 'yes'
