/// Batches whose operations were proposed: they wait until whoever may commit presents their evidence.

import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat16 "mo:core/Nat16";
import Runtime "mo:core/Runtime";
import Listing "../content/Listing";
import Types "../Types";
import Batches "Batches";
import Evidence "Evidence";

module {
  type Proposal = { operations : [Types.BatchOperationKind]; progress : Evidence.Progress };

  public type Proposals = Map.Map<Types.BatchId, Proposal>;

  let defaultSteps : Nat16 = 20;

  public func empty() : Proposals = Map.empty();

  /// Keeps the operations of an open batch. Traps when there is no such batch, or it has operations already.
  public func propose(proposals : Proposals, uploads : Batches.Uploads, args : Types.CommitBatchArguments) {
    Batches.require(uploads, args.batch_id);
    if (isProposed(proposals, args.batch_id)) {
      Runtime.trap("batch " # Nat.toText(args.batch_id) # " already has proposed CommitBatchArguments");
    };
    Map.add(proposals, Nat.compare, args.batch_id, { operations = args.operations; progress = Evidence.start() });
  };

  /// Goes on with the evidence of a proposal; `null` while there is more to do, and where nothing was proposed.
  public func computeEvidence(proposals : Proposals, uploads : Batches.Uploads, args : Types.ComputeEvidenceArguments) : ?Blob {
    let ?proposal = Map.get(proposals, Nat.compare, args.batch_id) else return null;
    let steps = switch (args.max_iterations) { case (?most) most; case null defaultSteps };
    var left = steps;
    while (left > 0 and proposal.progress.evidence == null) {
      Evidence.advance(proposal.progress, proposal.operations, func id = Batches.find(uploads, id));
      left -= 1;
    };
    proposal.progress.evidence;
  };

  /// The operations of a proposal if the evidence is that of it, else why they may not be committed.
  public func check(
    proposals : Proposals,
    uploads : Batches.Uploads,
    args : Types.CommitProposedBatchArguments,
  ) : { #Ok : [Types.BatchOperationKind]; #Err : Text } {
    if (not Batches.isOpen(uploads, args.batch_id)) return #Err "batch not found";
    let ?proposal = Map.get(proposals, Nat.compare, args.batch_id) else return #Err "batch does not have CommitBatchArguments";
    let ?evidence = proposal.progress.evidence else return #Err "batch does not have computed evidence";
    if (evidence == args.evidence) return #Ok(proposal.operations);
    let presented = Listing.hex(args.evidence);
    #Err("batch computed evidence " # Listing.hex(evidence) # " does not match presented evidence " # presented);
  };

  public func forget(proposals : Proposals, id : Types.BatchId) = Map.remove(proposals, Nat.compare, id);

  public func isProposed(proposals : Proposals, id : Types.BatchId) : Bool = Map.containsKey(proposals, Nat.compare, id);

  /// Whether a batch waits for its commit: then it does not expire.
  public func hasEvidence(proposals : Proposals, id : Types.BatchId) : Bool = switch (Map.get(proposals, Nat.compare, id)) {
    case (?proposal) proposal.progress.evidence != null;
    case null false;
  };

  /// Forgets what belongs to batches that are gone, and traps when another proposal still waits.
  public func requireNone(proposals : Proposals, uploads : Batches.Uploads) {
    Map.forEach<Types.BatchId, Proposal>(
      Map.clone(proposals),
      func(id, _) = if (not Batches.isOpen(uploads, id)) forget(proposals, id),
    );
    let ?(id, proposal) = Map.entries(proposals).next() else return;
    let name = "Batch " # Nat.toText(id);
    if (proposal.progress.evidence != null) Runtime.trap(name # " is already proposed.  Delete or execute it to propose another.");
    Runtime.trap(name # " has not completed evidence computation.  Wait for it to expire or delete it to propose another.");
  };
};
