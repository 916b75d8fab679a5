import Nat "mo:core/Nat";
import Principal "mo:core/Principal";

/// One method for each shape that a Candid value can have. They answer with what they were given.
persistent actor {
  type Tree = { #leaf; #node : { left : Tree; value : Int; right : Tree } };
  type Chain = ?(Nat, Chain);
  type Nested = { name : Text; tags : [Text]; inside : { flag : Bool; maybe : ?Nat8 }; pair : (Nat, Text) };
  type Callback = shared query (Nat) -> async Text;

  var calls = 0;

  public query func numbers(a : Nat, b : Int, c : Nat8, d : Nat64, e : Int32, f : Float) : async (Nat, Int, Nat8, Nat64, Int32, Float) {
    (a, b, c, d, e, f);
  };
  public query func text(value : Text) : async Text { value };
  public query func bytes(value : Blob) : async Blob { value };
  public query func nested(value : Nested) : async Nested { value };
  public query func tree(value : Tree) : async Tree { value };
  public query func chain(value : Chain) : async Chain { value };
  public query func callback(value : Callback) : async Callback { value };
  public query func nothing(value : Null) : async Null { value };
  public query func grid(value : [[Nat]]) : async [[Nat]] { value };
  public shared query ({ caller }) func who() : async Principal { caller };
  public func count() : async Nat {
    calls += 1;
    calls;
  };
  public func fail(reason : Text) : async () {
    assert reason != "";
  };
  public func tell() {
    calls += 100;
  };
  public composite query func both() : async Text { "composite" };
  public query func balanceOf(owner : Principal) : async Text { Principal.toText(owner) # " " # Nat.toText(calls) };
};
