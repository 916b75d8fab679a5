/// Memos of the blocks that spending leaves behind.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import Nat8 "mo:core/Nat8";
import Principal "mo:core/Principal";

module {
  /// Of what is minted back after a failed withdrawal.
  public let withdrawalRefund : Blob = "\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff";
  /// Of a canister's creation, and of what is minted back after one that failed.
  public let creation : Blob = "\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe\fe";
  public let creationRefund : Blob = "\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd\fd";

  /// Of a withdrawal: who got it, as a CBOR array of one byte string.
  public func withdrawal(to : Principal) : Blob {
    let bytes = Principal.toBlob(to);
    let size = Nat8.fromNat(bytes.size());
    let head : [Nat8] = if (size < 24)[0x81, 0x40 | size] else [0x81, 0x58, size];
    Blob.fromArray(Array.concat(head, Blob.toArray(bytes)));
  };
};
