/// Accounts of ICRC-1: an owner and one of its subaccounts, and the key under which a ledger keeps them.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import Nat8 "mo:core/Nat8";
import Principal "mo:core/Principal";
import Runtime "mo:core/Runtime";

module {
  /// 32 bytes; absent is the same as all zero.
  public type Subaccount = Blob;

  public type Account = { owner : Principal; subaccount : ?Subaccount };

  let subaccountSize = 32;
  let defaultSubaccount : Subaccount = "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00";

  /// The subaccount in full. Traps when it is not 32 bytes long.
  public func subaccountOf({ subaccount } : Account) : Subaccount = switch subaccount {
    case null defaultSubaccount;
    case (?given) {
      if (given.size() != subaccountSize) Runtime.trap("a subaccount has 32 bytes, this one " # debug_show given.size());
      given;
    };
  };

  /// One key per account: the owner's length, the owner, the subaccount. Traps when the subaccount is not 32 bytes long.
  public func key(account : Account) : Blob {
    let owner = Blob.toArray(Principal.toBlob(account.owner));
    let head = Array.concat([Nat8.fromNat(owner.size())], owner);
    Blob.fromArray(Array.concat(head, Blob.toArray(subaccountOf(account))));
  };

  /// The account of a key; its subaccount is absent when it is the default one.
  public func fromKey(key : Blob) : Account {
    let bytes = Blob.toArray(key);
    let end = 1 + Nat8.toNat(bytes[0]);
    let subaccount = Blob.fromArray(Array.sliceToArray(bytes, end, bytes.size()));
    {
      owner = Principal.fromBlob(Blob.fromArray(Array.sliceToArray(bytes, 1, end)));
      subaccount = if (subaccount == defaultSubaccount) null else ?subaccount;
    };
  };
};
