/** System canisters for a network that runs already, built and installed behind the back of whoever uses it. */
import { report } from '../output/report.ts'
import { print, type Terminal } from '../output/terminal.ts'
import type { LocalNetwork } from './localNetwork.ts'
import { buildSystemModules } from './systemModules.ts'

/** What signing in takes. */
const signInModules: readonly string[] = ['internet_identity']

/**
 * Builds system canisters and puts those on the network that are not there yet. A failure is reported, and the network goes on.
 *
 * @param ending - aborted when the user ends the network, which ends compilers as well: what they say then is of no use
 * @param what - how they are called when they are not there: "the network goes on without <what>"
 * @param wanted - names of the canisters; those of all when left out
 * @returns whether they are there
 */
async function furnishLate(
  terminal: Terminal,
  network: LocalNetwork,
  ending: AbortSignal,
  what: string,
  wanted?: readonly string[],
): Promise<boolean> {
  try {
    const modules = await buildSystemModules((_, task) => task(), wanted)
    if (ending.aborted) return false
    network.furnish(modules)
    return true
  } catch (error) {
    if (ending.aborted) return false
    report(error, terminal)
    terminal.warn(`The network goes on without ${what}.`)
    return false
  }
}

/** Puts the sign-in page on the network, which takes a compiler only the first time. */
export async function furnishSignIn(terminal: Terminal, network: LocalNetwork, ending: AbortSignal): Promise<boolean> {
  if (signInModules.every((name) => network.has(name))) return true
  return furnishLate(terminal, network, ending, 'the sign-in page', signInModules)
}

/** Puts all system canisters on the network, the sign-in page first: they are for the `icp` command and for other clients. */
export async function furnishAll(terminal: Terminal, network: LocalNetwork, ending: AbortSignal): Promise<boolean> {
  await furnishSignIn(terminal, network, ending)
  if (!(await furnishLate(terminal, network, ending, 'the ledgers of ICP and cycles'))) return false
  print(terminal, 'Ledgers of ICP and cycles are on the network, too: the icp command can deploy to it.')
  return true
}
