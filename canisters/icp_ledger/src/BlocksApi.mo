/// The methods of the first interface that show blocks. This ledger keeps them all itself.

import List "mo:core/List";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Array "mo:core/Array";
import Ledger "mo:ledger/Ledger";
import Blocks "Blocks";
import Types "Types";

mixin (ledger : Ledger.Ledger) {
  transient let mostBlocks = 2_000;

  public query func query_blocks({ start; length } : Types.GetBlocksArgs) : async Types.QueryBlocksResponse {
    let size = List.size(ledger.blocks);
    let first = Nat.min(Nat64.toNat(start), size);
    let count = Nat.min(Nat.min(Nat64.toNat(length), mostBlocks), size - first);
    {
      chain_length = Nat64.fromNat(size);
      certificate = null;
      blocks = Array.tabulate<Types.Block>(count, func at = Blocks.show(List.at(ledger.blocks, first + at)));
      first_block_index = start;
      archived_blocks = [];
    };
  };

  public query func archives() : async { archives : [{ canister_id : Principal }] } { { archives = [] } };

  public query func tip_of_chain() : async { certification : ?Blob; tip_index : Nat64 } {
    { certification = null; tip_index = Nat64.fromNat(Nat.max(List.size(ledger.blocks), 1) - 1 : Nat) };
  };
};
