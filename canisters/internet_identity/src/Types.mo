/// The shapes of the public Internet Identity interface, for the part of it that the stand-in offers.

module {
  public type UserNumber = Nat64;
  public type PublicKey = Blob;
  public type FrontendHostname = Text;
  /// Nanoseconds since 1970.
  public type Timestamp = Nat64;

  public type MetadataMap = [(Text, { #map : MetadataMap; #string : Text; #bytes : Blob })];
  public type Purpose = { #recovery; #authentication };
  public type KeyType = { #unknown; #platform; #cross_platform; #seed_phrase; #browser_storage_key };
  public type DeviceData = {
    pubkey : PublicKey;
    alias : Text;
    credential_id : ?Blob;
    aaguid : ?Blob;
    purpose : Purpose;
    key_type : KeyType;
    protection : { #protected; #unprotected };
    origin : ?Text;
    metadata : ?MetadataMap;
  };
  public type DeviceWithUsage = DeviceData and { last_usage : ?Timestamp };
  public type DeviceKeyWithAnchor = { pubkey : PublicKey; anchor_number : UserNumber };

  public type Challenge = { png_base64 : Text; challenge_key : Text };
  public type ChallengeResult = { key : Text; chars : Text };
  public type RegisterResponse = { #registered : { user_number : UserNumber }; #canister_full; #bad_challenge };

  public type WebAuthnCredential = { credential_id : Blob; pubkey : PublicKey };
  public type AnchorCredentials = {
    credentials : [WebAuthnCredential];
    recovery_credentials : [WebAuthnCredential];
    recovery_phrases : [PublicKey];
  };
  public type DeviceRegistrationInfo = { tentative_device : ?DeviceData; tentative_session : ?Principal; expiration : Timestamp };
  public type IdentityAnchorInfo = {
    devices : [DeviceWithUsage];
    device_registration : ?DeviceRegistrationInfo;
    name : ?Text;
    created_at : ?Timestamp;
  };

  public type Delegation = { pubkey : PublicKey; expiration : Timestamp; targets : ?[Principal] };
  public type SignedDelegation = { delegation : Delegation; signature : Blob };
  public type GetDelegationResponse = { #signed_delegation : SignedDelegation; #no_such_delegation };

  public type HeaderField = (Text, Text);
  public type HttpRequest = {
    method : Text;
    url : Text;
    headers : [HeaderField];
    body : Blob;
    certificate_version : ?Nat16;
  };
  public type HttpResponse = { status_code : Nat16; headers : [HeaderField]; body : Blob; upgrade : ?Bool };

  public type InternetIdentityInit = { assigned_user_number_range : ?(UserNumber, UserNumber) };
};
