/// Allowances of ICRC-2: how much a spender may move out of an account.

import Blob "mo:core/Blob";
import List "mo:core/List";
import Map "mo:core/Map";
import Order "mo:core/Order";
import Types "Types";

module {
  type Pair = { from : Blob; spender : Blob };

  public type Approvals = Map.Map<Pair, Types.Allowance>;

  public func empty() : Approvals = Map.empty();

  /// What is allowed now.
  public func get(approvals : Approvals, from : Blob, spender : Blob, now : Nat64) : Types.Allowance {
    switch (Map.get(approvals, compare, { from; spender })) {
      case (?allowance) if (isAlive(allowance, now)) allowance else none;
      case null none;
    };
  };

  public func set(approvals : Approvals, from : Blob, spender : Blob, allowance : Types.Allowance) {
    if (allowance.allowance == 0) Map.remove(approvals, compare, { from; spender }) else Map.add(approvals, compare, { from; spender }, allowance);
  };

  /// Takes from an allowance that is known to suffice.
  public func use(approvals : Approvals, from : Blob, spender : Blob, amount : Nat) {
    let ?given = Map.get(approvals, compare, { from; spender }) else return;
    set(approvals, from, spender, { given with allowance = given.allowance - amount : Nat });
  };

  /// The allowances of an account that are alive, in the order of their spenders, from the one after `previous` on.
  public func list(approvals : Approvals, from : Blob, previous : ?Blob, now : Nat64, most : Nat) : [(spender : Blob, Types.Allowance)] {
    let found = List.empty<(Blob, Types.Allowance)>();
    let start = switch previous {
      case (?spender) spender;
      case null "" : Blob;
    };
    for ((pair, allowance) in Map.entriesFrom(approvals, compare, { from; spender = start })) {
      if (pair.from != from or List.size(found) == most) return List.toArray(found);
      if (?pair.spender != previous and isAlive(allowance, now)) List.add(found, (pair.spender, allowance));
    };
    List.toArray(found);
  };

  let none : Types.Allowance = { allowance = 0; expires_at = null };

  func isAlive({ expires_at } : Types.Allowance, now : Nat64) : Bool = switch expires_at {
    case (?time) time > now;
    case null true;
  };

  func compare(one : Pair, other : Pair) : Order.Order = switch (Blob.compare(one.from, other.from)) {
    case (#equal) Blob.compare(one.spender, other.spender);
    case order order;
  };
};
