/** What can go wrong between a snapshot and its folder, in the protocol's words. */
import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'
import { type ApiError, badRequest } from '../wire/apiError.ts'

/** A snapshot that cannot be copied, for a reason that its canister or the files have. */
export function snapshotError(reason: string): ApiError {
  return badRequest(`CanisterSnapshotError(${JSON.stringify(reason)})`)
}

/** A folder that a snapshot does not go into. */
export function folderError(reason: string): ApiError {
  return badRequest(`InvalidCanisterSnapshotDirectory(${JSON.stringify(reason)})`)
}

/** Works with files. @param what - could not be done when that fails. @throws ApiError 400 made by `errorOf` */
export async function withFiles<T>(what: string, work: () => Promise<T>, errorOf = snapshotError): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isSystemError(error)) throw errorOf(`${what}: ${systemMessage(error)}`)
    throw error
  }
}

interface SystemError {
  readonly code: string
  readonly errno: number
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'errno' in error && 'code' in error
}

/** As the original's language words it, with the number that Unix has for it on every system. */
function systemMessage({ code, errno }: SystemError): string {
  const text = getSystemErrorMap().get(errno)?.[1] ?? code
  const numbers: Readonly<Record<string, number>> = constants.errno
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} (os error ${numbers[code] ?? errno})`
}
