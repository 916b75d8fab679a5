/** Keys that a subnet signs with for its canisters. */
export { ChainKeys, type KeyPath } from './chainKeys.ts'
export { holderNodes, type KeyAlgorithm, type KeyId, keyIds, printKey } from './keyId.ts'
export { isTransportKey } from './vetKeyDerivation.ts'
