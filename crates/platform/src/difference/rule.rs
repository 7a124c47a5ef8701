//! The rules: each with its name and what it means to callers.

use serde::Serialize;
use utoipa::ToSchema;

/// What a difference means to callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DifferenceWeight)]
pub enum Weight {
    /// Calls that were right can fail, or answers that were understood can be misread.
    Breaking,
    /// Some callers may notice.
    Risky,
    /// Nobody has to do anything.
    Compatible,
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $word:tt, $weight:ident;)*) => {
        /// What saw a difference.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
        #[schema(as = DifferenceRule)]
        pub enum Rule { $($(#[$doc])* #[serde(rename = $word)] $name,)* }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            /// Its name.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $word),* } }
            /// What it means to callers.
            pub const fn weight(self) -> Weight { match self { $(Self::$name => Weight::$weight),* } }
        }
    };
}

rules! {
    /// An operation is gone.
    OperationRemoved = "operation-removed", Breaking;
    /// An operation is new.
    OperationAdded = "operation-added", Compatible;
    /// The document advises against an operation.
    OperationDeprecated = "operation-deprecated", Risky;
    /// An access token needs one more scope.
    ScopeAdded = "scope-added", Breaking;
    /// An access token needs one scope less.
    ScopeRemoved = "scope-removed", Compatible;
    /// A parameter is new, and calls have to carry it.
    RequiredParameterAdded = "required-parameter-added", Breaking;
    /// A parameter is new.
    ParameterAdded = "parameter-added", Compatible;
    /// A parameter is gone: what callers send in it has no effect any more.
    ParameterRemoved = "parameter-removed", Risky;
    /// Calls have to carry a parameter that they could leave out.
    ParameterBecameRequired = "parameter-became-required", Breaking;
    /// Calls may leave out a parameter.
    ParameterBecameOptional = "parameter-became-optional", Compatible;
    /// Calls have to carry a body, which there was none of.
    RequiredBodyAdded = "required-body-added", Breaking;
    /// Calls may carry a body.
    BodyAdded = "body-added", Compatible;
    /// Calls carry no body any more.
    BodyRemoved = "body-removed", Risky;
    /// Calls have to carry a body that they could leave out.
    BodyBecameRequired = "body-became-required", Breaking;
    /// Calls may leave out the body.
    BodyBecameOptional = "body-became-optional", Compatible;
    /// A body of this media type is not taken any more.
    RequestMediaTypeRemoved = "request-media-type-removed", Breaking;
    /// A body of this media type is taken.
    RequestMediaTypeAdded = "request-media-type-added", Compatible;
    /// A property has to be sent, which there was none of.
    RequiredRequestPropertyAdded = "required-request-property-added", Breaking;
    /// A property may be sent.
    RequestPropertyAdded = "request-property-added", Compatible;
    /// A property has no effect any more.
    RequestPropertyRemoved = "request-property-removed", Risky;
    /// A property has to be sent that could be left out.
    RequestPropertyBecameRequired = "request-property-became-required", Breaking;
    /// A property may be left out.
    RequestPropertyBecameOptional = "request-property-became-optional", Compatible;
    /// A value of a type that was taken is not taken any more.
    RequestTypeNarrowed = "request-type-narrowed", Breaking;
    /// Values of more types are taken.
    RequestTypeWidened = "request-type-widened", Compatible;
    /// A value is not taken any more.
    RequestValueRemoved = "request-value-removed", Breaking;
    /// A value is taken.
    RequestValueAdded = "request-value-added", Compatible;
    /// A bound is tighter: values that were taken are not taken any more.
    RequestBoundTightened = "request-bound-tightened", Breaking;
    /// A bound is wider.
    RequestBoundRelaxed = "request-bound-relaxed", Compatible;
    /// A success is not answered with this status any more.
    SuccessRemoved = "success-removed", Breaking;
    /// A failure is not answered with this status any more.
    FailureRemoved = "failure-removed", Compatible;
    /// Calls may be answered with this status.
    ResponseAdded = "response-added", Compatible;
    /// Answers do not come in this media type any more.
    ResponseMediaTypeRemoved = "response-media-type-removed", Breaking;
    /// Answers may come in this media type.
    ResponseMediaTypeAdded = "response-media-type-added", Compatible;
    /// A property is not answered any more.
    ResponsePropertyRemoved = "response-property-removed", Breaking;
    /// A property is answered.
    ResponsePropertyAdded = "response-property-added", Compatible;
    /// A property that was always answered may be missing.
    ResponsePropertyBecameOptional = "response-property-became-optional", Breaking;
    /// A property is always answered.
    ResponsePropertyBecameRequired = "response-property-became-required", Compatible;
    /// A value may be of a type that it never was.
    ResponseTypeWidened = "response-type-widened", Breaking;
    /// A value is of fewer types.
    ResponseTypeNarrowed = "response-type-narrowed", Compatible;
    /// A value may be answered that callers do not know.
    ResponseValueAdded = "response-value-added", Risky;
    /// A value is not answered any more.
    ResponseValueRemoved = "response-value-removed", Compatible;
    /// A format or pattern is another.
    FormatChanged = "format-changed", Risky;
    /// There are more or fewer alternatives for a value.
    AlternativesChanged = "alternatives-changed", Risky;
    /// Calls need a credential that passed without.
    CredentialDemanded = "credential-demanded", Breaking;
    /// Calls pass without a credential.
    CredentialDropped = "credential-dropped", Compatible;
    /// A way of authenticating is not taken any more.
    WayRemoved = "way-removed", Breaking;
    /// A way of authenticating is taken.
    WayAdded = "way-added", Compatible;
    /// Paths outside the document are not forwarded any more.
    ForwardingNarrowed = "forwarding-narrowed", Breaking;
    /// Paths outside the document are forwarded too.
    ForwardingWidened = "forwarding-widened", Compatible;
    /// Other changes are made on requests before they are forwarded.
    ModificationChanged = "modification-changed", Risky;
    /// Calls are answered in another way.
    ImplementationChanged = "implementation-changed", Risky;
}
