/// Withdrawing: cycles leave the ledger for a canister.

import Error "mo:core/Error";
import Int "mo:core/Int";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Time "mo:core/Time";
import Account "mo:ledger/Account";
import Ledger "mo:ledger/Ledger";
import Memo "Memo";
import Spending "Spending";
import Types "Types";

mixin (ledger : Ledger.Ledger, rules : Ledger.Rules) {
  transient let management = actor "aaaaa-aa" : actor { deposit_cycles : { canister_id : Principal } -> async () };

  func withdrawalNow() : Nat64 = Nat64.fromNat(Int.abs(Time.now()));

  func withdrawTo(spender : Spending.Spender, to : Principal, amount : Nat, createdAt : ?Nat64) : async* Spending.Outcome<Nat> {
    if (amount == 0) {
      return #Refused(#Common(#GenericError { error_code = 100; message = "The withdrawal amount must be greater than zero." }));
    };
    let expiresAt = Spending.expiry(ledger, withdrawalNow(), spender);
    let index = switch (Spending.burn(ledger, rules, withdrawalNow(), spender, amount, Memo.withdrawal(to), createdAt)) {
      case (#Ok index) index;
      case (#Err refusal) return #Refused refusal;
    };
    try {
      await (with cycles = amount) management.deposit_cycles({ canister_id = to });
      #Ok index;
    } catch error {
      let refund = Spending.refund(ledger, rules, withdrawalNow(), spender, amount, Memo.withdrawalRefund, expiresAt);
      #Failed { refund; index; code = Spending.rejection(error); reason = Error.message(error) };
    };
  };

  public shared ({ caller }) func withdraw(args : Types.WithdrawArgs) : async { #Ok : Nat; #Err : Types.WithdrawError } {
    if (Principal.isSelfAuthenticating(args.to)) return #Err(#InvalidReceiver { receiver = args.to });
    let from = Account.key({ owner = caller; subaccount = args.from_subaccount });
    switch (await* withdrawTo({ from; by = null }, args.to, args.amount, args.created_at_time)) {
      case (#Ok index) #Ok index;
      case (#Refused(#Common error)) #Err error;
      case (#Refused(#Duplicate original)) #Err(#Duplicate original);
      // Nobody spends by an allowance here.
      case (#Refused(#InsufficientAllowance _)) #Err(#TemporarilyUnavailable);
      case (#Failed { refund; code; reason }) {
        #Err(#FailedToWithdraw { fee_block = refund.refundBlock; rejection_code = code; rejection_reason = reason });
      };
    };
  };

  public shared ({ caller }) func withdraw_from(args : Types.WithdrawFromArgs) : async { #Ok : Nat; #Err : Types.WithdrawFromError } {
    if (Principal.isSelfAuthenticating(args.to)) return #Err(#InvalidReceiver { receiver = args.to });
    let by = Account.key({ owner = caller; subaccount = args.spender_subaccount });
    switch (await* withdrawTo({ from = Account.key(args.from); by = ?by }, args.to, args.amount, args.created_at_time)) {
      case (#Ok index) #Ok index;
      case (#Refused(#Common error)) #Err error;
      case (#Refused(#Duplicate original)) #Err(#Duplicate original);
      case (#Refused(#InsufficientAllowance allowance)) #Err(#InsufficientAllowance allowance);
      case (#Failed { refund; index; code; reason }) #Err(
        #FailedToWithdrawFrom {
          withdraw_from_block = ?index;
          refund_block = refund.refundBlock;
          approval_refund_block = refund.approvalBlock;
          rejection_code = code;
          rejection_reason = reason;
        }
      );
    };
  };
};
