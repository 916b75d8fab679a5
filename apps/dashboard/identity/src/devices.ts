import { Ed25519KeyIdentity } from '@dfinity/identity'

/** A user number, and the key by which this browser speaks for it. */
export type Device = { readonly userNumber: number; readonly key: Ed25519KeyIdentity }

const storageKey = 'tidemark-devices'
const devicesMax = 20
const entry = /^(\d{1,12}):([0-9a-f]{64})$/

/** A user number as it may be typed or passed in an address. */
export const parseUserNumber = (text: string | null): number | undefined => {
  if (text === null || !/^\d{1,12}$/.test(text)) return undefined
  return Number(text)
}

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
const write = (storage: Storage, devices: readonly Device[]): void =>
  storage.setItem(storageKey, devices.map(({ userNumber, key }) => `${userNumber}:${hexOf(key.getKeyPair().secretKey)}`).join(','))

/** What this browser keeps, the latest first. */
export const keptDevices = (storage: Storage): readonly Device[] =>
  (storage.getItem(storageKey) ?? '').split(',').flatMap((text) => {
    const [, userNumber, secret] = entry.exec(text) ?? []
    return userNumber === undefined || secret === undefined
      ? []
      : [{ userNumber: Number(userNumber), key: Ed25519KeyIdentity.fromSecretKey(bytesOf(secret)) }]
  })

/** Keeps a device, as the latest one. */
export const keepDevice = (storage: Storage, device: Device): void => {
  const others = keptDevices(storage).filter(({ userNumber }) => userNumber !== device.userNumber)
  write(storage, [device, ...others].slice(0, devicesMax))
}

/** Forgets the devices of some user numbers. */
export const forgetDevices = (storage: Storage, userNumbers: readonly number[]): void =>
  write(
    storage,
    keptDevices(storage).filter(({ userNumber }) => !userNumbers.includes(userNumber)),
  )

/** The key of a user who signs in unattended: anybody can make it, so any browser can be that user. */
export const sharedDevice = async (userNumber: number): Promise<Device> => {
  const seed = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`tidemark user ${userNumber}`))
  return { userNumber, key: Ed25519KeyIdentity.generate(new Uint8Array(seed)) }
}
