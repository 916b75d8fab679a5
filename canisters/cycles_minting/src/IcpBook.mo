/// What this canister asks of the ICP ledger.

import Error "mo:core/Error";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import AccountIdentifier "../../icp_ledger/src/AccountIdentifier";
import Icp "../../icp_ledger/src/Types";
import Types "Types";

module {
  let fee : Nat64 = 10_000;
  let ledgerId = "ryjl3-tyaaa-aaaaa-aaaba-cai";
  /// Governance, whose account is the minting account.
  let minterId = "rrkah-fqaaa-aaaaa-aaaaq-cai";

  func ledger() : Types.IcpLedger = actor (ledgerId);

  public func block(index : Nat64) : async* { #Ok : Icp.Block; #Err : Types.NotifyError } {
    try {
      let { blocks } = await ledger().query_blocks({ start = index; length = 1 });
      if (blocks.size() == 1) #Ok(blocks[0]) else #Err(#InvalidTransaction("Block " # Nat64.toText(index) # " not found"));
    } catch error #Err(#Other { error_code = 1; error_message = "Failed to fetch block " # Nat64.toText(index) # ": " # Error.message(error) });
  };

  /// Sends ICP that was turned into cycles out of being.
  public func burn(from : Blob, e8s : Nat64) : async* () {
    let to = AccountIdentifier.fromAccount({ owner = Principal.fromText(minterId); subaccount = null });
    ignore await* send(from, to, e8s, 0);
  };

  /// Sends ICP back, less `fees` times the ledger's fee; the index of the block, null when nothing is left to send.
  public func refund(from : Blob, to : Blob, e8s : Nat64, fees : Nat64) : async* ?Nat64 {
    let kept = fee * fees;
    if (e8s <= kept + fee) {
      await* burn(from, e8s);
      return null;
    };
    await* burn(from, kept);
    await* send(from, to, e8s - kept - fee, fee);
  };

  func send(from : Blob, to : Blob, e8s : Nat64, charged : Nat64) : async* ?Nat64 {
    let args = {
      memo : Nat64 = 0;
      amount = { e8s };
      fee = { e8s = charged };
      from_subaccount = ?from;
      to;
      created_at_time = null;
    };
    try {
      switch (await ledger().transfer(args)) {
        case (#Ok index) ?index;
        case (#Err _) null;
      };
    } catch _ null;
  };
};
