import Map "mo:core/Map";
import Nat "mo:core/Nat";

/// The successor of `stable_v1`: a new field, and another start value of the transient one.
actor {
  var count = 0;
  var names : [Text] = [];
  let ages = Map.empty<Nat, Text>();
  let node = { var next : ?{ var value : Nat } = null };
  var added = "fresh";
  transient var cached = 100;

  public func add(n : Nat, name : Text) : async () {
    count += 1;
    added := name;
    Map.add(ages, Nat.compare, n, name);
  };

  public query func get() : async Text {
    debug_show (count, cached, added, names.size(), node.next, Map.get(ages, Nat.compare, 1));
  };
};
