import { Actor, HttpAgent, type ActorSubclass, type PublicKey } from '@dfinity/agent'
import { Delegation, DelegationChain, Ed25519KeyIdentity } from '@dfinity/identity'
import { Principal } from '@dfinity/principal'
import { internetIdentity, type InternetIdentityService } from '@tidemark/bindings'
import { sharedDevice, type Device } from './devices.ts'
import { maxLifetimeNanos } from './lifetime.ts'
import type { SignInRequest } from './request.ts'

/** Where identities are, whichever host the page comes from. */
const canisterId = Principal.fromText('rdmx6-jaaaa-aaaaa-aaadq-cai')
/** What every captcha of a local network reads. */
const captcha = 'a'
const nanosPerMs = 1_000_000n

type Identities = ActorSubclass<InternetIdentityService>

/** A public key of any kind, known by its DER form only. */
const publicKeyOf = (der: Uint8Array): PublicKey => ({ toDer: () => der, derKey: der })

const derOf = (key: Ed25519KeyIdentity): Uint8Array => new Uint8Array(key.getPublicKey().toDer())

/** Calls are signed by `key`, at the time of the network, which may be ahead of this machine's. */
const connect = async (key?: Ed25519KeyIdentity): Promise<Identities> => {
  const agent = await HttpAgent.create({
    host: location.origin,
    shouldFetchRootKey: true,
    ...(key === undefined ? {} : { identity: key }),
  })
  await agent.syncTime(canisterId)
  return Actor.createActor<InternetIdentityService>(internetIdentity.idlFactory, { agent, canisterId })
}

const deviceData = (key: Ed25519KeyIdentity): Parameters<InternetIdentityService['register_number']>[1] => ({
  pubkey: derOf(key),
  alias: 'Browser',
  credential_id: [],
  aaguid: [],
  purpose: { authentication: null },
  key_type: { browser_storage_key: null },
  protection: { unprotected: null },
  origin: [location.origin],
  metadata: [],
})

/**
 * Makes an identity with a key of its own.
 *
 * @throws Error when the network refuses or is unreachable
 */
export const registerDevice = async (): Promise<Device> => {
  const key = Ed25519KeyIdentity.generate()
  const identities = await connect(key)
  const { challenge_key } = await identities.create_challenge()
  const response = await identities.register(deviceData(key), { key: challenge_key, chars: captcha }, [])
  if (!('registered' in response)) throw new Error('The network gives out no more user numbers.')
  return { userNumber: Number(response.registered.user_number), key }
}

const isRegistered = async (identities: Identities, { userNumber, key }: Device): Promise<boolean> => {
  const own = derOf(key).join()
  const devices = await identities.lookup(BigInt(userNumber))
  return devices.some(({ pubkey }) => new Uint8Array(pubkey).join() === own)
}

/** Those of some devices that this network does not know: it was started afresh since. */
export const unknownDevices = async (devices: readonly Device[]): Promise<readonly Device[]> => {
  if (devices.length === 0) return []
  const identities = await connect()
  const known = await Promise.all(devices.map((device) => isRegistered(identities, device)))
  return devices.filter((_, index) => known[index] === false)
}

/**
 * The device of a user who signs in unattended; the first time, it makes the identity.
 *
 * @throws Error when somebody else has the number
 */
export const unattendedDevice = async (userNumber: number, kept: readonly Device[]): Promise<Device> => {
  const shared = await sharedDevice(userNumber)
  const identities = await connect(shared.key)
  const own = kept.find((device) => device.userNumber === userNumber)
  if (own !== undefined && (await isRegistered(identities, own))) return own
  if (await isRegistered(identities, shared)) return shared
  const response = await identities.register_number(BigInt(userNumber), deviceData(shared.key))
  if ('registered' in response) return shared
  throw new Error(`User number ${userNumber} belongs to somebody in another browser.`)
}

/**
 * Lets a session key speak for a user: a link that the canister signs and, where the session may call some canisters only,
 * a second one that says so.
 *
 * @see Interface spec, "Signatures" (delegations).
 */
export const signIn = async ({ userNumber, key }: Device, request: Omit<SignInRequest, 'origin'>): Promise<DelegationChain> => {
  const { sessionPublicKey, lifetimeNanos, targets, derivationOrigin } = request
  const between = targets === undefined ? undefined : Ed25519KeyIdentity.generate()
  const sessionKey = between === undefined ? sessionPublicKey : derOf(between)
  const lifetime = lifetimeNanos < maxLifetimeNanos ? lifetimeNanos : maxLifetimeNanos
  const identities = await connect(key)
  const number = BigInt(userNumber)
  const [userKey, expiration] = await identities.prepare_delegation(number, derivationOrigin, sessionKey, [lifetime])
  const answer = await identities.get_delegation(number, derivationOrigin, sessionKey, expiration)
  if (!('signed_delegation' in answer)) throw new Error('The network has forgotten what it signed. Sign in again.')
  const signature = new Uint8Array(answer.signed_delegation.signature)
  const link = { delegation: new Delegation(sessionKey, expiration), signature: signature as typeof signature & { __signature__: void } }
  const chain = DelegationChain.fromDelegations([link], new Uint8Array(userKey))
  if (between === undefined || targets === undefined) return chain
  return DelegationChain.create(between, publicKeyOf(sessionPublicKey), new Date(Number(expiration / nanosPerMs)), {
    previous: chain,
    targets: targets.map((target) => Principal.fromText(target)),
  })
}
