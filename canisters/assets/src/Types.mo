/// The shapes of the asset canister's interface, as in assets.did.

module {
  public type BatchId = Nat;
  public type ChunkId = Nat;
  public type Key = Text;
  public type HeaderField = (Text, Text);

  public type CreateAssetArguments = {
    key : Key;
    content_type : Text;
    max_age : ?Nat64;
    headers : ?[HeaderField];
    enable_aliasing : ?Bool;
    allow_raw_access : ?Bool;
  };
  public type SetAssetContentArguments = {
    key : Key;
    content_encoding : Text;
    chunk_ids : [ChunkId];
    last_chunk : ?Blob;
    sha256 : ?Blob;
  };
  public type SetAssetPropertiesArguments = {
    key : Key;
    max_age : ??Nat64;
    headers : ??[HeaderField];
    allow_raw_access : ??Bool;
    is_aliased : ??Bool;
  };
  public type UnsetAssetContentArguments = { key : Key; content_encoding : Text };
  public type DeleteAssetArguments = { key : Key };
  public type ClearArguments = {};
  public type BatchOperationKind = {
    #CreateAsset : CreateAssetArguments;
    #SetAssetContent : SetAssetContentArguments;
    #SetAssetProperties : SetAssetPropertiesArguments;
    #UnsetAssetContent : UnsetAssetContentArguments;
    #DeleteAsset : DeleteAssetArguments;
    #Clear : ClearArguments;
  };
  public type CommitBatchArguments = { batch_id : BatchId; operations : [BatchOperationKind] };
  public type CommitProposedBatchArguments = { batch_id : BatchId; evidence : Blob };
  public type ComputeEvidenceArguments = { batch_id : BatchId; max_iterations : ?Nat16 };
  public type StoreArguments = {
    key : Key;
    content_type : Text;
    content_encoding : Text;
    content : Blob;
    sha256 : ?Blob;
    aliased : ?Bool;
  };

  public type AssetProperties = {
    max_age : ?Nat64;
    headers : ?[HeaderField];
    allow_raw_access : ?Bool;
    is_aliased : ?Bool;
  };
  public type EncodingDetails = { content_encoding : Text; sha256 : ?Blob; length : Nat; modified : Int };
  public type AssetDetails = AssetProperties and {
    key : Key;
    content_type : Text;
    encodings : [EncodingDetails];
  };
  public type EncodedAsset = {
    content : Blob;
    content_type : Text;
    content_encoding : Text;
    sha256 : ?Blob;
    total_length : Nat;
  };

  public type HttpRequest = {
    method : Text;
    url : Text;
    headers : [HeaderField];
    body : Blob;
    certificate_version : ?Nat16;
  };
  public type StreamingCallbackToken = { key : Key; content_encoding : Text; index : Nat; sha256 : ?Blob };
  public type StreamingCallbackHttpResponse = { body : Blob; token : ?StreamingCallbackToken };
  public type StreamingCallback = shared query StreamingCallbackToken -> async ?StreamingCallbackHttpResponse;
  public type StreamingStrategy = { #Callback : { callback : StreamingCallback; token : StreamingCallbackToken } };
  public type HttpResponse = {
    status_code : Nat16;
    headers : [HeaderField];
    body : Blob;
    upgrade : ?Bool;
    streaming_strategy : ?StreamingStrategy;
  };

  public type Permission = { #Commit; #ManagePermissions; #Prepare };
  public type GrantPermission = { to_principal : Principal; permission : Permission };
  public type RevokePermission = { of_principal : Principal; permission : Permission };
  public type SetPermissions = { prepare : [Principal]; commit : [Principal]; manage_permissions : [Principal] };
  public type InitArgs = { set_permissions : ?SetPermissions };
  public type UpgradeArgs = { set_permissions : ?SetPermissions };
  public type AssetCanisterArgs = { #Init : InitArgs; #Upgrade : UpgradeArgs };

  public type ConfigureArguments = { max_batches : ??Nat64; max_chunks : ??Nat64; max_bytes : ??Nat64 };
  public type ConfigurationResponse = { max_batches : ?Nat64; max_chunks : ?Nat64; max_bytes : ?Nat64 };
  public type StateInfo = { last_state_update_timestamp : Nat64; state_hash : ?Text };
  public type ValidationResult = { #Ok : Text; #Err : Text };
};
