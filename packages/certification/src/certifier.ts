/** Certificates of one state after another, signed only when someone asks, and once per state. */
import type { BlsKey } from './blsKey.ts'
import { type Delegation, encodeCertificate, rootDigestMessage } from './certificate.ts'
import { compareLabels } from './labels.ts'
import type { LabeledTree } from './labeledTree.ts'
import { witness } from './witness.ts'

/** Certificate (CBOR, self-described) that reveals the paths of the state, present or provably absent, for whoever trusts the delegation. */
export type Certifier = (state: LabeledTree, paths: readonly (readonly Uint8Array[])[], delegation?: Delegation) => Uint8Array

/** Keeps the signature of the state certified last: many certificates of one state cost one signature. */
export function createCertifier({ key }: { readonly key: BlsKey }): Certifier {
  let signed: { readonly digest: Uint8Array; readonly signature: Uint8Array } | undefined
  return (state, paths, delegation) => {
    const { digest } = state
    if (signed === undefined || compareLabels(signed.digest, digest) !== 0)
      signed = { digest, signature: key.sign(rootDigestMessage(digest)) }
    return encodeCertificate({ tree: witness(state, paths), signature: signed.signature, ...(delegation && { delegation }) })
  }
}
