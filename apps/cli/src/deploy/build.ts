/** Builds the canisters of a project before they are deployed. */
import { buildCanister, BuildError, type BuiltCanister } from '@tidemark/build'
import { CliError, messageOf, systemCodeOf } from '../output/cliError.ts'
import { writeRemedy } from '../project/files.ts'

/**
 * Builds a canister, or takes an earlier result when nothing has changed.
 *
 * @throws CliError with file and line when it does not compile, or when the result cannot be written
 */
export async function build(root: string, name: string): Promise<BuiltCanister> {
  try {
    return await buildCanister({ root, name })
  } catch (error) {
    if (error instanceof BuildError) throw explain(name, error)
    if (systemCodeOf(error) !== undefined) {
      throw new CliError({ what: `Canister ${name} could not be built.`, why: messageOf(error), remedy: writeRemedy(error) })
    }
    throw error
  }
}

function explain(name: string, error: BuildError): CliError {
  const { position } = error
  const place = [position?.file, position?.line, position?.column].filter((part) => part !== undefined).join(':')
  return new CliError({
    what: `Canister ${name} does not build.`,
    why: place === '' ? error.message : `${place}: ${error.message}`,
    remedy: error.remedy,
  })
}
