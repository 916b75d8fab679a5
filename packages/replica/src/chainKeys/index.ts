/** Keys that a subnet signs with for its canisters. */
export { ChainKeys } from './chainKeys.ts'
export { holderNodes, type KeyId, keyIds, printKey } from './keyId.ts'
export { isTransportKey } from './vetKeyDerivation.ts'
