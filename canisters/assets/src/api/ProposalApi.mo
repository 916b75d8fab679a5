/// Methods that commit what others prepared, as governance canisters do: propose, compute the evidence, vote, commit.

import Nat "mo:core/Nat";
import Runtime "mo:core/Runtime";
import Listing "../content/Listing";
import Permissions "../Permissions";
import Types "../Types";
import Batches "../upload/Batches";
import Proposals "../upload/Proposals";

mixin (
  permissions : Permissions.Permissions,
  uploads : Batches.Uploads,
  proposals : Proposals.Proposals,
  change : <system>([Types.BatchOperationKind]) -> (),
) {
  public shared ({ caller }) func propose_commit_batch(args : Types.CommitBatchArguments) : async () {
    Permissions.require(permissions, #Prepare, caller);
    Proposals.propose(proposals, uploads, args);
  };

  /// Called again and again until it gives the evidence.
  public shared ({ caller }) func compute_evidence(args : Types.ComputeEvidenceArguments) : async ?Blob {
    Permissions.require(permissions, #Prepare, caller);
    Proposals.computeEvidence(proposals, uploads, args);
  };

  public shared ({ caller }) func commit_proposed_batch(args : Types.CommitProposedBatchArguments) : async () {
    Permissions.require(permissions, #Commit, caller);
    switch (Proposals.check(proposals, uploads, args)) {
      case (#Ok operations) change<system>(operations);
      case (#Err reason) Runtime.trap(reason);
    };
    Proposals.forget(proposals, args.batch_id);
    Batches.close(uploads, args.batch_id);
  };

  public func validate_commit_proposed_batch(args : Types.CommitProposedBatchArguments) : async Types.ValidationResult {
    switch (Proposals.check(proposals, uploads, args)) {
      case (#Ok _) #Ok("commit proposed batch " # Nat.toText(args.batch_id) # " with evidence " # Listing.hex(args.evidence));
      case (#Err reason) #Err reason;
    };
  };
};
