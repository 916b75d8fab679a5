import Map "mo:core/Map";

/// A successor of `stable_v1` that brings the old state into another form.
(
  with migration = func(
    old : {
      var count : Nat;
      var names : [Text];
      ages : Map.Map<Nat, Text>;
      node : { var next : ?{ var value : Nat } };
    }
  ) : { var count : Text; people : Map.Map<Nat, Text> } { { var count = debug_show (old.count, old.names.size()); people = old.ages } }
)
actor {
  var count = "none";
  let people = Map.empty<Nat, Text>();

  public query func get() : async Text { count # " " # debug_show (Map.size people) };
};
