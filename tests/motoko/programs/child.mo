import Cycles "mo:core/Cycles";

/// An actor that another one creates.
persistent actor class Child(name : Text) {
  var greetings = 0;

  public func greet() : async Text {
    greetings += 1;
    name # " " # debug_show greetings;
  };

  public query func balance() : async Nat { Cycles.balance() };
};
