/**
 * Address of a file beside the page. A page opened as `/?canisterId=<id>` hands the id on, because that is what its
 * files are found by.
 */
export const fileAddress = (page: string, path: string): string => {
  const address = new URL(path, page)
  const canisterId = new URL(page).searchParams.get('canisterId')
  if (canisterId !== null) address.searchParams.set('canisterId', canisterId)
  return address.href
}

/** A JSON file beside the page; `undefined` when it is missing or is not JSON. */
export const fetchJsonFile = async (path: string): Promise<unknown> => {
  const response = await fetch(fileAddress(location.href, path))
  // A gateway answers a missing file with the start page, so the type decides, not the status.
  if (!response.ok || !(response.headers.get('content-type') ?? '').includes('json')) return undefined
  return response.json()
}

const wasmMagic = [0x00, 0x61, 0x73, 0x6d]
const gzipMagic = [0x1f, 0x8b]

/**
 * A canister's module, put beside the page when the stack is deployed.
 *
 * @throws Error when there is no module under that name.
 */
export const fetchModule = async (canisterName: string): Promise<Uint8Array> => {
  const response = await fetch(fileAddress(location.href, `modules/${canisterName}.wasm`))
  const bytes = response.ok ? new Uint8Array(await response.arrayBuffer()) : new Uint8Array()
  const startsWith = (magic: readonly number[]): boolean => magic.every((byte, index) => bytes[index] === byte)
  if (!startsWith(wasmMagic) && !startsWith(gzipMagic)) {
    throw new Error(`The module of ${canisterName} is not served beside this page. Deploy the dashboard again.`)
  }
  return bytes
}
