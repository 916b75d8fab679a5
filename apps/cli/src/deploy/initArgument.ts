/** The argument that a canister is installed with. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CandidError, type CanisterInterface, encodeArguments, parseArguments, readInterface } from '@tidemark/candid'
import { CliError, messageOf } from '../output/cliError.ts'
import type { CanisterConfig } from '../project/dfxJson.ts'

/**
 * Encodes what the user gave, else what the project gives, else nothing.
 *
 * @param given - text of `--argument`
 * @throws CliError when it does not fit the canister's interface, or one is needed and none is given
 */
export function initArgument(
  root: string,
  canister: CanisterConfig | undefined,
  given: string | undefined,
  did: string | undefined,
): Uint8Array {
  const text = given ?? canister?.initArg ?? readArgumentFile(root, canister?.initArgFile) ?? '()'
  const known = did === undefined ? undefined : readable(did)
  try {
    return encodeArguments(parseArguments(text), known?.initArgs)
  } catch (error) {
    if (!(error instanceof CandidError)) throw error
    const types = known?.initArgs.map((type) => type.name).join(', ')
    throw new CliError({
      what: `The init argument ${text} does not fit canister ${canister?.name ?? ''}.`.replace(' .', '.'),
      why: error.message,
      remedy: types === undefined ? 'Pass another with --argument.' : `Pass --argument with values of type (${types}).`,
    })
  }
}

function readable(did: string): CanisterInterface | undefined {
  try {
    return readInterface(did)
  } catch (error) {
    if (error instanceof CandidError) return undefined
    throw error
  }
}

function readArgumentFile(root: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  try {
    return readFileSync(join(root, file), 'utf8')
  } catch (error) {
    throw new CliError({ what: `The init argument file ${file} cannot be read.`, why: messageOf(error) })
  }
}
