/**
 * Who calls: identities as PEM files, the way dfx keeps them.
 *
 * `default` is made on first use. A name that tidemark does not have is looked for among dfx's own identities.
 */
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { AnonymousIdentity, type Identity } from '@dfinity/agent'
import { CliError, messageOf, systemCodeOf } from '../output/cliError.ts'
import { PemIdentity } from './pemIdentity.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Folder of tidemark's own settings. */
export function configRoot(env: Environment): string {
  if (env['TIDEMARK_CONFIG_ROOT'] !== undefined) return env['TIDEMARK_CONFIG_ROOT']
  return join(env['DFX_CONFIG_ROOT'] ?? homedir(), '.config', 'tidemark')
}

/**
 * The identity of a name; `anonymous` is always there, `default` is created when it is missing.
 *
 * @throws CliError when there is none of this name, or its key cannot be read
 */
export function loadIdentity(env: Environment, name = 'default'): Identity {
  if (name === 'anonymous') return new AnonymousIdentity()
  if (!/^[A-Za-z0-9._@-]+$/.test(name)) throw new CliError({ what: `"${name}" cannot be the name of an identity.` })
  const own = join(configRoot(env), 'identity', name, 'identity.pem')
  const ofDfx = join(env['DFX_CONFIG_ROOT'] ?? homedir(), '.config', 'dfx', 'identity', name, 'identity.pem')
  if (existsSync(own)) return readIdentity(own)
  if (name === 'default') return createIdentity(own)
  if (existsSync(ofDfx)) return readIdentity(ofDfx)
  throw new CliError({
    what: `There is no identity "${name}".`,
    why: existsSync(`${ofDfx}.encrypted`)
      ? `Its key ${ofDfx}.encrypted is encrypted, which tidemark does not read.`
      : `Looked for ${own} and ${ofDfx}.`,
    remedy: 'Put an unencrypted PEM file (Ed25519, secp256k1 or P-256) there, or leave out --identity.',
  })
}

function readIdentity(file: string): Identity {
  try {
    return PemIdentity.fromPem(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new CliError({
      what: `The identity ${file} cannot be read.`,
      why: messageOf(error),
      remedy: 'It must be an unencrypted PEM file with an Ed25519, secp256k1 or P-256 key.',
    })
  }
}

function createIdentity(file: string): Identity {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  try {
    mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 })
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    // Another command made it at the same moment: that one counts.
    if (systemCodeOf(error) === 'EEXIST') return readIdentity(file)
    throw new CliError({
      what: `The identity "default" cannot be created at ${file}.`,
      why: messageOf(error),
      remedy: 'Make the folder writable, or set TIDEMARK_CONFIG_ROOT to one that is.',
    })
  }
  return PemIdentity.fromPem(pem)
}
