/// Turning payments in ICP into cycles, canisters and balances of the cycles ledger.

import Error "mo:core/Error";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Creation "Creation";
import IcpBook "IcpBook";
import Payments "Payments";
import Rate "Rate";
import Types "Types";

mixin (payments : Payments.Payments, rates : Rate.Rates, subnets : Creation.Subnets, self : () -> Principal) {
  transient let management = actor "aaaaa-aa" : Types.Management;
  transient let cyclesLedger = actor "um5iw-rqaaa-aaaaq-qaaba-cai" : Types.CyclesLedger;

  type Attempt = { #Ok : Types.Settled; #Failed : Text };
  type Purpose = { for_ : Principal; memo : Nat64; refundFees : Nat64 };

  /// Settles a payment once. What it pays for is bought with `buy`; when that fails, the ICP goes back, less some fees.
  func settle(index : Nat64, { for_; memo; refundFees } : Purpose, buy : Nat -> async* Attempt) : async* Types.Settled {
    switch (Map.get(payments.settled, Nat64.compare, index)) {
      case (?(?settled)) return settled;
      case (?null) return #Failed(#Processing);
      case null {};
    };
    let block = switch (await* IcpBook.block(index)) {
      case (#Ok block) block;
      case (#Err error) return #Failed error;
    };
    let { from; e8s } = switch (Payments.judge(block, self(), for_, memo)) {
      case (#Ok payment) payment;
      case (#Err error) return #Failed error;
    };
    // The same payment may have come in again while its block was read.
    switch (Map.get(payments.settled, Nat64.compare, index)) {
      case (?(?settled)) return settled;
      case (?null) return #Failed(#Processing);
      case null Map.add(payments.settled, Nat64.compare, index, null);
    };
    let cycles = Rate.cycles(rates, e8s);
    let settled = switch (await* buy(cycles)) {
      case (#Ok bought) {
        payments.minted += cycles;
        await* IcpBook.burn(Payments.subaccountOf(for_), e8s);
        bought;
      };
      case (#Failed reason) {
        let block_index = await* IcpBook.refund(Payments.subaccountOf(for_), from, e8s, refundFees);
        #Failed(#Refunded { reason; block_index });
      };
    };
    Map.add(payments.settled, Nat64.compare, index, ?settled);
    settled;
  };

  func usedOtherwise<T>() : { #Ok : T; #Err : Types.NotifyError } {
    #Err(#InvalidTransaction "The same payment is already processed for another purpose.");
  };

  public shared func notify_top_up({ block_index; canister_id } : Types.NotifyTopUpArg) : async { #Ok : Nat; #Err : Types.NotifyError } {
    let buy = func(cycles : Nat) : async* Attempt {
      try {
        await (with cycles) management.deposit_cycles({ canister_id });
        #Ok(#ToppedUp cycles);
      } catch error #Failed("Depositing cycles failed: " # Error.message(error));
    };
    switch (await* settle(block_index, { for_ = canister_id; memo = Payments.topUpMemo; refundFees = 2 }, buy)) {
      case (#ToppedUp cycles) #Ok cycles;
      case (#Failed error) #Err error;
      case _ usedOtherwise();
    };
  };

  /// Only the controller to be may ask.
  public shared ({ caller }) func notify_create_canister(arg : Types.NotifyCreateCanisterArg) : async {
    #Ok : Principal;
    #Err : Types.NotifyError;
  } {
    if (caller != arg.controller) {
      let error_message = Principal.toText(caller) # " is not authorized to create canisters for " # Principal.toText(arg.controller);
      return #Err(#Other { error_code = 10; error_message });
    };
    let buy = func(cycles : Nat) : async* Attempt {
      switch (await* Creation.create<system>(subnets, arg.controller, Creation.ownedBy(arg, arg.controller), cycles)) {
        case (#Ok id) #Ok(#Created id);
        case (#Err reason) #Failed reason;
      };
    };
    switch (await* settle(arg.block_index, { for_ = arg.controller; memo = Payments.creationMemo; refundFees = 4 }, buy)) {
      case (#Created id) #Ok id;
      case (#Failed error) #Err error;
      case _ usedOtherwise();
    };
  };

  /// The balance goes to the caller.
  public shared ({ caller }) func notify_mint_cycles(arg : Types.NotifyMintCyclesArg) : async {
    #Ok : Types.NotifyMintCyclesSuccess;
    #Err : Types.NotifyError;
  } {
    let buy = func(minted : Nat) : async* Attempt {
      let to = { owner = caller; subaccount = arg.to_subaccount };
      try {
        let { block_index; balance } = await (with cycles = minted) cyclesLedger.deposit({ to; memo = arg.deposit_memo });
        #Ok(#Minted { block_index; minted; balance });
      } catch error #Failed("Depositing cycles to the ledger failed: " # Error.message(error));
    };
    switch (await* settle(arg.block_index, { for_ = caller; memo = Payments.mintMemo; refundFees = 4 }, buy)) {
      case (#Minted success) #Ok success;
      case (#Failed error) #Err error;
      case _ usedOtherwise();
    };
  };
};
