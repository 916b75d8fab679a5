import Array "mo:core/Array";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Set "mo:core/Set";
import Text "mo:core/Text";

/// Collections of the core library, kept and worked on.
actor {
  let map = Map.empty<Text, Nat>();
  let set = Set.empty<Nat>();

  public func fill(n : Nat) : async Nat {
    for (i in Nat.range(0, n)) {
      Map.add(map, Text.compare, "key" # Nat.toText(i * 7919 % n), i);
      Set.add(set, Nat.compare, i % 10);
    };
    Map.size map;
  };

  public query func look(n : Nat) : async ?Nat { Map.get(map, Text.compare, "key" # Nat.toText n) };

  public query func setSize() : async Nat { Set.size set };

  public query func sorted(values : [Nat]) : async [Nat] { Array.sort(values, Nat.compare) };

  public query func joined(words : [Text]) : async Text {
    Text.join(Array.map<Text, Text>(words, func w = Text.toUpper w).values(), ", ");
  };
};
