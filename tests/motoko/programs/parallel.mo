/// Three calls leave in one message; their answers are awaited afterwards.
actor {
  let log = [var "", "", ""];
  var order = "";

  public func work(n : Nat) : async Nat {
    order #= debug_show n;
    log[n] := "done";
    n * n;
  };

  public func all(self : Text) : async Text {
    let me = actor (self) : actor { work : Nat -> async Nat };
    let a = me.work(0);
    let b = me.work(1);
    let c = me.work(2);
    order #= "|";
    let sum = (await c) + (await a) + (await b);
    order # " " # debug_show sum # " " # log[0] # log[1] # log[2];
  };
};
