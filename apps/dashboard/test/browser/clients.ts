import { Actor as LegacyActor, HttpAgent as LegacyAgent } from '@dfinity/agent'
import { AuthClient as LegacyClient } from '@dfinity/auth-client'
import { IDL } from '@dfinity/candid'
import { Principal as LegacyPrincipal } from '@dfinity/principal'
import { AuthClient as SignerClient } from '@icp-sdk/auth/client'
import { Actor, HttpAgent } from '@icp-sdk/core/agent'
import { Principal } from '@icp-sdk/core/principal'

// A page with both generations of the published clients, which verify whatever the network answers.

/** What a signed-in user did: created a canister, and asked who controls it with a call and with a query. */
export type Used = {
  readonly principal: string
  readonly called: readonly string[]
  readonly queried: readonly string[]
}

type Named = { toText(): string }
type Status = { readonly settings: { readonly controllers: readonly Named[] } }
type Management = {
  readonly provisional_create_canister_with_cycles: (arg: unknown) => Promise<{ readonly canister_id: Named }>
  readonly canister_status: (arg: { readonly canister_id: unknown }) => Promise<Status>
}
/** Makes an actor for the management canister whose calls go to the subnet of the given canister. */
type Connect = (service: unknown, effectiveCanisterId: string) => Management

declare global {
  interface Window {
    used: Used | undefined
  }
}

const search = new URLSearchParams(location.search)
const provider = search.get('provider') ?? ''
const host = search.get('network') ?? ''
const first = search.get('first') ?? ''

const service = (annotation: readonly string[]) => () => {
  const canister = IDL.Record({ canister_id: IDL.Principal })
  const status = IDL.Record({ settings: IDL.Record({ controllers: IDL.Vec(IDL.Principal) }) })
  return IDL.Service({
    provisional_create_canister_with_cycles: IDL.Func([IDL.Record({ amount: IDL.Opt(IDL.Nat) })], [canister], []),
    canister_status: IDL.Func([canister], [status], [...annotation]),
  })
}

const useNetwork = async (principal: string, connect: Connect): Promise<void> => {
  const created = await connect(service([]), first).provisional_create_canister_with_cycles({ amount: [] })
  const id = created.canister_id.toText()
  const controllersBy = async (annotation: readonly string[]): Promise<readonly string[]> => {
    const { settings } = await connect(service(annotation), id).canister_status({ canister_id: created.canister_id })
    return settings.controllers.map((controller) => controller.toText())
  }
  window.used = { principal, called: await controllersBy([]), queried: await controllersBy(['query']) }
  element('who').textContent = principal
}

const element = (id: string): HTMLElement => {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`No element ${id}`)
  return found
}

const onClick = (id: string, act: () => Promise<void>): void =>
  element(id).addEventListener('click', () => {
    act().catch((error: unknown) => {
      element('failure').textContent = String(error)
    })
  })

const legacy = await LegacyClient.create()
onClick('legacy', async () => {
  await new Promise<void>((resolve, reject) => {
    const onError = (error?: string) => reject(new Error(error))
    void legacy.login({ identityProvider: provider, onSuccess: () => resolve(), onError })
  })
  const identity = legacy.getIdentity()
  const agent = await LegacyAgent.create({ host, identity, shouldFetchRootKey: true, verifyQuerySignatures: true })
  await useNetwork(identity.getPrincipal().toText(), (idlFactory, id) => {
    const transform = () => ({ effectiveCanisterId: LegacyPrincipal.fromText(id) })
    const options = { agent, canisterId: 'aaaaa-aa', callTransform: transform, queryTransform: transform }
    return LegacyActor.createActor(idlFactory as never, options) as unknown as Management
  })
})

const signer = new SignerClient({ identityProvider: `${provider}authorize` })
onClick('signer', async () => {
  await signer.signIn()
  const identity = await signer.getIdentity()
  const agent = await HttpAgent.create({ host, identity, shouldFetchRootKey: true, verifyQuerySignatures: true })
  await useNetwork(identity.getPrincipal().toText(), (idlFactory, id) => {
    const transform = () => ({ effectiveCanisterId: Principal.fromText(id) })
    const options = { agent, canisterId: 'aaaaa-aa', callTransform: transform, queryTransform: transform }
    return Actor.createActor(idlFactory as never, options) as unknown as Management
  })
})
document.body.dataset['ready'] = 'yes'
