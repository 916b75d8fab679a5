/// Spending a balance on something outside of the ledger: burn first, do it, and mint back what was not used.

import Error "mo:core/Error";
import Nat "mo:core/Nat";
import Approvals "mo:ledger/Approvals";
import Ledger "mo:ledger/Ledger";
import Types "Types";

module {
  /// Who spends, out of which account.
  public type Spender = { from : Blob; by : ?Blob };

  public type Refund = { refundBlock : ?Nat; approvalBlock : ?Nat };

  /// What is wrong before anything is spent.
  public type Refusal = {
    #Common : Types.SpendError;
    #Duplicate : { duplicate_of : Nat };
    #InsufficientAllowance : { allowance : Nat };
  };

  /// How spending on something outside ended.
  public type Outcome<T> = {
    #Ok : T;
    #Refused : Refusal;
    #Failed : { refund : Refund; index : Nat; code : Types.RejectionCode; reason : Text };
  };

  /// Burns `amount` and the fee. Returns the block's index.
  public func burn(ledger : Ledger.Ledger, rules : Ledger.Rules, now : Nat64, { from; by } : Spender, amount : Nat, memo : Blob, createdAt : ?Nat64) : {
    #Ok : Nat;
    #Err : Refusal;
  } {
    switch (Ledger.burn(ledger, rules, now, { from; spender = by; amount; memo = ?memo; createdAt })) {
      case (#Ok index) #Ok index;
      case (#Err(#InsufficientAllowance about)) #Err(#InsufficientAllowance about);
      case (#Err(#Duplicate about)) #Err(#Duplicate about);
      case (#Err(#InsufficientFunds about)) #Err(#Common(#InsufficientFunds about));
      case (#Err(#CreatedInFuture about)) #Err(#Common(#CreatedInFuture about));
      case (#Err(#TooOld)) #Err(#Common(#TooOld));
      case (#Err(#GenericError about)) #Err(#Common(#GenericError about));
      // A burn of this kind names no fee and has no least amount.
      case (#Err(#BadFee _ or #BadBurn _ or #TemporarilyUnavailable)) #Err(#Common(#TemporarilyUnavailable));
    };
  };

  /// Mints back what came back, less a fee for the block that says so; and, less another, what the spender may move.
  public func refund(ledger : Ledger.Ledger, rules : Ledger.Rules, now : Nat64, { from; by } : Spender, amount : Nat, memo : Blob, expiresAt : ?Nat64) : Refund {
    if (amount <= rules.fee) return { refundBlock = null; approvalBlock = null };
    let back = amount - rules.fee : Nat;
    let refundBlock = ?Ledger.mint(ledger, rules, now, from, back, ?memo);
    let ?spender = by else return { refundBlock; approvalBlock = null };
    let alive = switch expiresAt {
      case (?time) time > now;
      case null true;
    };
    if (spender == from or back <= rules.fee or not alive) return { refundBlock; approvalBlock = null };
    let current = Approvals.get(ledger.approvals, from, spender, now);
    let request = {
      from;
      spender;
      amount = current.allowance + (back - rules.fee : Nat);
      expectedAllowance = null;
      expiresAt = if (current.allowance == 0) expiresAt else current.expires_at;
      fee = null;
      memo = ?memo;
      createdAt = null;
    };
    switch (Ledger.approve(ledger, rules, now, request)) {
      case (#Ok index) ({ refundBlock; approvalBlock = ?index });
      case (#Err _) ({ refundBlock; approvalBlock = null });
    };
  };

  /// Until when the spender's allowance holds; null for ever or without one.
  public func expiry(ledger : Ledger.Ledger, now : Nat64, { from; by } : Spender) : ?Nat64 = switch by {
    case (?spender) Approvals.get(ledger.approvals, from, spender, now).expires_at;
    case null null;
  };

  /// The reject code of a failed call, by its name in the interface.
  public func rejection(error : Error) : Types.RejectionCode = switch (Error.code(error)) {
    case (#system_fatal) #SysFatal;
    case (#system_transient) #SysTransient;
    case (#destination_invalid) #DestinationInvalid;
    case (#canister_reject) #CanisterReject;
    case (#canister_error) #CanisterError;
    case _ #Unknown;
  };
};
