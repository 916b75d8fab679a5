/// Creating canisters with cycles of the ledger, through the cycles minting canister.

import Error "mo:core/Error";
import Int "mo:core/Int";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Time "mo:core/Time";
import Account "mo:ledger/Account";
import Ledger "mo:ledger/Ledger";
import Memo "Memo";
import Settings "Settings";
import Spending "Spending";
import Types "Types";

mixin (ledger : Ledger.Ledger, rules : Ledger.Rules, created : Types.Created) {
  transient let cyclesMinting = actor "rkp4c-7iaaa-aaaaa-aaaca-cai" : Types.CyclesMinting;

  func creationNow() : Nat64 = Nat64.fromNat(Int.abs(Time.now()));

  type Rejection = { returned : Nat; code : Types.RejectionCode; reason : Text };

  func createFor(caller : Principal, spender : Spending.Spender, amount : Nat, createdAt : ?Nat64, asked : ?Types.CreationArgs) : async* Spending.Outcome<Types.CreateCanisterSuccess> {
    let expiresAt = Spending.expiry(ledger, creationNow(), spender);
    let index = switch (Spending.burn(ledger, rules, creationNow(), spender, amount, Memo.creation, createdAt)) {
      case (#Ok index) index;
      case (#Err refusal) return #Refused refusal;
    };
    let { settings; subnet_selection } = switch asked {
      case (?args) args;
      case null ({ settings = null; subnet_selection = null });
    };
    let choice = { settings = ?Settings.withController(settings, caller); subnet_selection };
    let rejection : Rejection = try {
      switch (await (with cycles = amount) cyclesMinting.create_canister(choice)) {
        case (#Ok canister_id) {
          Map.add(created, Nat.compare, index, canister_id);
          return #Ok { block_id = index; canister_id };
        };
        case (#Err(#Refunded { refund_amount; create_error })) ({ returned = refund_amount; code = #CanisterError; reason = create_error });
        case (#Err(#RefundFailed { create_error; refund_error })) ({
          returned = 0;
          code = #CanisterError;
          reason = create_error # "; " # refund_error;
        });
      };
    } catch error ({ returned = amount; code = Spending.rejection(error); reason = Error.message(error) });
    let refund = Spending.refund(ledger, rules, creationNow(), spender, rejection.returned, Memo.creationRefund, expiresAt);
    #Failed { rejection with refund; index };
  };

  func createdBy(block : Nat) : { duplicate_of : Nat; canister_id : ?Principal } {
    { duplicate_of = block; canister_id = Map.get(created, Nat.compare, block) };
  };

  /// The new canister belongs to the caller unless the settings name others.
  public shared ({ caller }) func create_canister(args : Types.CreateCanisterArgs) : async {
    #Ok : Types.CreateCanisterSuccess;
    #Err : Types.CreateCanisterError;
  } {
    let from = Account.key({ owner = caller; subaccount = args.from_subaccount });
    switch (await* createFor(caller, { from; by = null }, args.amount, args.created_at_time, args.creation_args)) {
      case (#Ok success) #Ok success;
      case (#Refused(#Common error)) #Err error;
      case (#Refused(#Duplicate { duplicate_of })) #Err(#Duplicate(createdBy(duplicate_of)));
      // Nobody spends by an allowance here.
      case (#Refused(#InsufficientAllowance _)) #Err(#TemporarilyUnavailable);
      case (#Failed { refund; index; reason }) {
        #Err(#FailedToCreate { fee_block = ?index; refund_block = refund.refundBlock; error = reason });
      };
    };
  };

  public shared ({ caller }) func create_canister_from(args : Types.CreateCanisterFromArgs) : async {
    #Ok : Types.CreateCanisterSuccess;
    #Err : Types.CreateCanisterFromError;
  } {
    let by = Account.key({ owner = caller; subaccount = args.spender_subaccount });
    let spender = { from = Account.key(args.from); by = ?by };
    switch (await* createFor(caller, spender, args.amount, args.created_at_time, args.creation_args)) {
      case (#Ok success) #Ok success;
      case (#Refused(#Common error)) #Err error;
      case (#Refused(#Duplicate { duplicate_of })) #Err(#Duplicate(createdBy(duplicate_of)));
      case (#Refused(#InsufficientAllowance allowance)) #Err(#InsufficientAllowance allowance);
      case (#Failed { refund; index; code; reason }) #Err(
        #FailedToCreateFrom {
          create_from_block = ?index;
          refund_block = refund.refundBlock;
          approval_refund_block = refund.approvalBlock;
          rejection_code = code;
          rejection_reason = reason;
        }
      );
    };
  };
};
