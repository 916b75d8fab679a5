import Error "mo:core/Error";

/// Function references travel in messages: a publisher calls what subscribers handed over.
actor {
  type Callback = shared Nat -> async Nat;
  var subscribers : [Callback] = [];
  var received = 0;

  public func subscribe(callback : Callback) : async () {
    let old = subscribers;
    subscribers := [callback, if (old.size() > 0) old[0] else callback];
  };

  public func publish(n : Nat) : async Text {
    var text = "";
    for (callback in subscribers.vals()) {
      let answer = try { debug_show (await callback n) } catch e { Error.message e };
      text #= answer # ";";
    };
    text;
  };

  public func listen(n : Nat) : async Nat {
    received += n;
    received;
  };

  public func refuse(_n : Nat) : async Nat { throw Error.reject "I do not listen" };

  public func subscribeTo(publisher : Text, method : { #listen; #refuse }) : async () {
    let peer = actor (publisher) : actor { subscribe : Callback -> async () };
    await peer.subscribe(switch method { case (#listen) listen; case (#refuse) refuse });
  };
};
