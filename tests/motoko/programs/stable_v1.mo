import Map "mo:core/Map";
import Nat "mo:core/Nat";

/// State of several kinds: all of it outlives an upgrade, except what is transient.
actor {
  var count = 0;
  var names : [Text] = [];
  let ages = Map.empty<Nat, Text>();
  transient var cached = 0;
  let node = { var next : ?{ var value : Nat } = null };

  public func add(n : Nat, name : Text) : async () {
    count += 1;
    cached += 1;
    names := [name, debug_show names];
    Map.add(ages, Nat.compare, n, name);
    node.next := ?{ var value = n };
  };

  public query func get() : async Text { debug_show (count, cached, names, Map.size ages, node.next) };
};
