/// Payments in ICP that this canister was told of: each is settled once, and its outcome told again as often as asked.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import Map "mo:core/Map";
import Nat8 "mo:core/Nat8";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Icp "../../icp_ledger/src/Types";
import AccountIdentifier "../../icp_ledger/src/AccountIdentifier";
import Types "Types";

module {
  public type Payments = {
    settled : Map.Map<Nat64, ?Types.Settled>;
    var minted : Nat;
  };

  public type Payment = { from : Blob; e8s : Nat64 };

  /// What a payment is for, as its memo says.
  public let topUpMemo : Nat64 = 0x50555054;
  public let creationMemo : Nat64 = 0x41455243;
  public let mintMemo : Nat64 = 0x544e494d;

  public func empty() : Payments = { settled = Map.empty(); var minted = 0 };

  /// All cycles that ICP was turned into, as far as 64 bits hold them.
  public func minted(payments : Payments) : Nat64 = Nat64.fromIntWrap(payments.minted);

  /// The subaccount that stands for a principal: its length, itself, zeros.
  public func subaccountOf(principal : Principal) : Blob {
    let bytes = Blob.toArray(Principal.toBlob(principal));
    let padding = Array.repeat<Nat8>(0, 31 - bytes.size() : Nat);
    Blob.fromArray(Array.flatten<Nat8>([[Nat8.fromNat(bytes.size())], bytes, padding]));
  };

  /// Whether a block is a payment to this canister for a principal, with the right memo.
  public func judge(block : Icp.Block, self : Principal, for_ : Principal, memo : Nat64) : { #Ok : Payment; #Err : Types.NotifyError } {
    let ?(#Transfer { from; to; amount }) = block.transaction.operation else {
      return #Err(#InvalidTransaction "Notification transaction must be of type transfer");
    };
    let expected = AccountIdentifier.fromAccount({ owner = self; subaccount = ?subaccountOf(for_) });
    if (to != expected) {
      return #Err(#InvalidTransaction("Destination account in the transaction (" # AccountIdentifier.toText(to) # ") different than in the notification (" # AccountIdentifier.toText(expected) # ")"));
    };
    if (memoOf(block) != memo) {
      return #Err(#InvalidTransaction("Intention from the memo of the transaction is different than in the notification: the memo is " # debug_show memoOf(block) # ", not " # debug_show memo));
    };
    #Ok { from; e8s = amount.e8s };
  };

  /// The number of the first interface, or, when it is zero, that which an ICRC-1 memo of eight bytes holds.
  func memoOf({ transaction } : Icp.Block) : Nat64 {
    if (transaction.memo != 0) return transaction.memo;
    let ?bytes = transaction.icrc1_memo else return 0;
    if (bytes.size() != 8) return 0;
    var value : Nat64 = 0;
    for (at in Nat8.range(0, 8)) value |= Nat64.fromNat(Nat8.toNat(bytes[Nat8.toNat(at)])) << (8 * Nat64.fromNat(Nat8.toNat(at)));
    value;
  };
};
