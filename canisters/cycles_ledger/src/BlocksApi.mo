/// The methods of ICRC-3 and ICRC-103: blocks, the certified tip, allowances of an account.

import Array "mo:core/Array";
import Int "mo:core/Int";
import List "mo:core/List";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Time "mo:core/Time";
import Account "mo:ledger/Account";
import Approvals "mo:ledger/Approvals";
import Icrc3 "mo:ledger/Icrc3";
import Ledger "mo:ledger/Ledger";
import Tip "Tip";

mixin (ledger : Ledger.Ledger) {
  type GetBlocksArgs = [{ start : Nat; length : Nat }];
  type GetBlocksResult = {
    log_length : Nat;
    blocks : [{ id : Nat; block : Icrc3.Value }];
    archived_blocks : [{ args : GetBlocksArgs; callback : shared query GetBlocksArgs -> async GetBlocksResult }];
  };
  type ListedAllowance = {
    from_account : Account.Account;
    to_spender : Account.Account;
    allowance : Nat;
    expires_at : ?Nat64;
  };
  type AllowancesResult = {
    #Ok : [ListedAllowance];
    #Err : { #AccessDenied : { reason : Text }; #GenericError : { error_code : Nat; message : Text } };
  };

  transient let mostBlocks = 100;
  transient let mostAllowances = 500;
  transient let blockTypes = [("1burn", "1"), ("1mint", "1"), ("2xfer", "2"), ("2approve", "2")];

  /// At most 100 blocks, over all ranges together.
  public query func icrc3_get_blocks(ranges : GetBlocksArgs) : async GetBlocksResult {
    let log_length = List.size(ledger.blocks);
    let blocks = List.empty<{ id : Nat; block : Icrc3.Value }>();
    for ({ start; length } in ranges.vals()) {
      var id = start;
      let end = Nat.min(log_length, start + length);
      while (id < end and List.size(blocks) < mostBlocks) {
        List.add(blocks, { id; block = Icrc3.fromBlock(List.at(ledger.blocks, id)) });
        id += 1;
      };
    };
    { log_length; blocks = List.toArray(blocks); archived_blocks = [] };
  };

  public query func icrc3_get_archives(_ : { from : ?Principal }) : async [{ canister_id : Principal; start : Nat; end : Nat }] { [] };

  public query func icrc3_get_tip_certificate() : async ?Tip.Certificate { Tip.certificate(ledger) };

  public query func icrc3_supported_block_types() : async [{ block_type : Text; url : Text }] {
    Array.map<(Text, Text), { block_type : Text; url : Text }>(
      blockTypes,
      func((block_type, number)) = { block_type; url = "https://github.com/dfinity/ICRC-1/tree/main/standards/ICRC-" # number },
    );
  };

  /// The allowances that an account gave, by default the caller's own; others do not see them.
  public query ({ caller }) func icrc103_get_allowances({ from_account; prev_spender; take } : { from_account : ?Account.Account; prev_spender : ?Account.Account; take : ?Nat }) : async AllowancesResult {
    let account = switch from_account {
      case (?given) given;
      case null { { owner = caller; subaccount = null } };
    };
    if (account.owner != caller) return #Err(#AccessDenied { reason = "An account's allowances are shown to its owner." });
    let previous = switch prev_spender {
      case (?spender) ?Account.key(spender);
      case null null;
    };
    let most = switch take {
      case (?number) Nat.min(number, mostAllowances);
      case null mostAllowances;
    };
    let now = Nat64.fromNat(Int.abs(Time.now()));
    let found = Approvals.list(ledger.approvals, Account.key(account), previous, now, most);
    #Ok(
      Array.map<(Blob, { allowance : Nat; expires_at : ?Nat64 }), ListedAllowance>(
        found,
        func((spender, allowance)) = { allowance with from_account = account; to_spender = Account.fromKey(spender) },
      )
    );
  };
};
