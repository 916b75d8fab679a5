/// The certified end of the chain of blocks (ICRC-3, "Tip certificate").

import CertifiedData "mo:core/CertifiedData";
import List "mo:core/List";
import Cbor "mo:certification/Cbor";
import HashTree "mo:certification/HashTree";
import Leb128 "mo:certification/Leb128";
import Ledger "mo:ledger/Ledger";

module {
  public type Certificate = { certificate : Blob; hash_tree : Blob };

  /// The 32 bytes that the ledger certifies once a block is written.
  public func digest(index : Nat, tip : Blob) : Blob = HashTree.digest(tree(index, tip));

  /// Index and digest of the last block with their proof; null before the first block and outside of queries.
  public func certificate(ledger : Ledger.Ledger) : ?Certificate {
    let ?tip = ledger.tip else return null;
    let ?certificate = CertifiedData.getCertificate() else return null;
    ?{ certificate; hash_tree = Cbor.encodeTree(tree(List.size(ledger.blocks) - 1, tip)) };
  };

  func tree(index : Nat, tip : Blob) : HashTree.Tree = HashTree.balanced([
    ("last_block_hash", HashTree.labeled("last_block_hash", HashTree.leaf(tip))),
    ("last_block_index", HashTree.labeled("last_block_index", HashTree.leaf(Leb128.encode(index)))),
  ]);
};
