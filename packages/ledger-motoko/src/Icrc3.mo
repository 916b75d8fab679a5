/// Blocks as ICRC-3 publishes them: values, and the digest that chains one block to the next.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import List "mo:core/List";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Text "mo:core/Text";
import Sha256 "mo:certification/Sha256";
import Leb128 "mo:certification/Leb128";
import Account "Account";
import Block "Block";

module {
  public type Value = {
    #Nat : Nat;
    #Int : Int;
    #Text : Text;
    #Blob : Blob;
    #Array : [Value];
    #Map : [(Text, Value)];
  };

  /// Digest of a value that does not depend on how it is written down (ICRC-3, "Value hash").
  public func digest(value : Value) : Blob = Sha256.digest(
    switch value {
      case (#Nat number) Leb128.encode(number);
      case (#Int number) Leb128.encodeSigned(number);
      case (#Text text) Text.encodeUtf8(text);
      case (#Blob bytes) bytes;
      case (#Array values) concat(Array.map(values, digest));
      case (#Map entries) {
        let hashed = Array.map<(Text, Value), Blob>(
          entries,
          func((name, item)) = concat([Sha256.digest(Text.encodeUtf8(name)), digest(item)]),
        );
        concat(Array.sort(hashed, Blob.compare));
      };
    }
  );

  /// A block of a ledger whose accounts are those of ICRC-1.
  public func fromBlock(block : Block.Block) : Value {
    let fields = List.empty<(Text, Value)>();
    switch (block.parent) {
      case (?parent) List.add(fields, ("phash", #Blob parent));
      case null {};
    };
    if (block.transaction.namedFee == null) List.add(fields, ("fee", #Nat(block.fee)));
    List.add(fields, ("ts", #Nat(Nat64.toNat(block.timestamp))));
    List.add(fields, ("tx", fromTransaction(block.transaction)));
    #Map(List.toArray(fields));
  };

  func fromTransaction(transaction : Block.Transaction) : Value {
    let fields = List.empty<(Text, Value)>();
    let add = func(name : Text, value : Value) = List.add(fields, (name, value));
    let addNumber = func(name : Text, value : ?Nat) = switch value {
      case (?number) add(name, #Nat number);
      case null {};
    };
    let addAccount = func(name : Text, key : ?Blob) = switch key {
      case (?account) add(name, fromAccount(account));
      case null {};
    };
    switch (transaction.operation) {
      case (#Mint { to; amount }) {
        add("op", #Text "mint");
        addAccount("to", ?to);
        add("amt", #Nat amount);
      };
      case (#Burn { from; spender; amount }) {
        add("op", #Text "burn");
        addAccount("from", ?from);
        addAccount("spender", spender);
        add("amt", #Nat amount);
      };
      case (#Transfer { from; to; spender; amount }) {
        add("op", #Text "xfer");
        addAccount("from", ?from);
        addAccount("to", ?to);
        addAccount("spender", spender);
        add("amt", #Nat amount);
      };
      case (#Approve { from; spender; amount; expectedAllowance; expiresAt }) {
        add("op", #Text "approve");
        addAccount("from", ?from);
        addAccount("spender", ?spender);
        add("amt", #Nat amount);
        addNumber("expected_allowance", expectedAllowance);
        addNumber("expires_at", numberOf(expiresAt));
      };
    };
    addNumber("fee", transaction.namedFee);
    addNumber("ts", numberOf(transaction.createdAt));
    switch (transaction.memo) {
      case (?memo) add("memo", #Blob memo);
      case null {};
    };
    #Map(List.toArray(fields));
  };

  func fromAccount(key : Blob) : Value {
    let { owner; subaccount } = Account.fromKey(key);
    let principal = #Blob(Principal.toBlob(owner));
    switch subaccount {
      case (?bytes) #Array([principal, #Blob bytes]);
      case null #Array([principal]);
    };
  };

  func numberOf(time : ?Nat64) : ?Nat = switch time {
    case (?nanos) ?Nat64.toNat(nanos);
    case null null;
  };

  func concat(parts : [Blob]) : Blob = Blob.fromArray(Array.flatten(Array.map<Blob, [Nat8]>(parts, Blob.toArray)));
};
