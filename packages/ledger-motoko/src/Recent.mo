/// The transactions of the last day, so that one that is sent twice is done once.

import Blob "mo:core/Blob";
import Map "mo:core/Map";
import Queue "mo:core/Queue";
import Block "Block";

module {
  public type Recent = {
    /// Index of the block, by the transaction as Candid.
    known : Map.Map<Blob, Nat>;
    /// Oldest first, with the time at which each was created.
    order : Queue.Queue<(Nat64, Blob)>;
  };

  public type Refusal = { #TooOld; #CreatedInFuture : { ledger_time : Nat64 }; #Duplicate : { duplicate_of : Nat } };

  /// 24 hours, in nanoseconds.
  public let window : Nat64 = 86_400_000_000_000;
  /// A minute, in nanoseconds.
  let drift : Nat64 = 60_000_000_000;
  let forgottenAtOnce = 64;

  public func empty() : Recent = { known = Map.empty(); order = Queue.empty() };

  /// Why a transaction cannot be taken: too old, from the future, or done already.
  public func refusal(recent : Recent, now : Nat64, transaction : Block.Transaction) : ?Refusal {
    let ?created = transaction.createdAt else return null;
    if (created + window + drift < now) return ?#TooOld;
    if (created > now + drift) return ?#CreatedInFuture { ledger_time = now };
    switch (Map.get(recent.known, Blob.compare, key(transaction))) {
      case (?duplicate_of) ?#Duplicate { duplicate_of };
      case null null;
    };
  };

  /// Remembers a transaction that was done, and forgets some that nobody can send again.
  public func remember(recent : Recent, now : Nat64, transaction : Block.Transaction, index : Nat) {
    var left = forgottenAtOnce;
    label forget loop {
      let ?(created, old) = Queue.peekFront(recent.order) else break forget;
      if (left == 0 or created + window + drift >= now) break forget;
      Map.remove(recent.known, Blob.compare, old);
      ignore Queue.popFront(recent.order);
      left -= 1;
    };
    let ?created = transaction.createdAt else return;
    let known = key(transaction);
    Map.add(recent.known, Blob.compare, known, index);
    Queue.pushBack(recent.order, (created, known));
  };

  func key(transaction : Block.Transaction) : Blob = to_candid (transaction);
};
