//! What can be bound to a statement and read from a row.
//!
//! Databases see four classes: text, whole number, truth value, bytes. Everything else is one of them in disguise.

use crate::error::StoreError;
use crate::query::Row;
use base::id::{self, Id};
use base::secret::Digest;
use base::{Actor, Kind, Timestamp};

/// A bound value; `None` is NULL, which on PostgreSQL still has a class.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// TEXT.
    Text(Option<String>),
    /// BIGINT.
    Whole(Option<i64>),
    /// BOOLEAN.
    Truth(Option<bool>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

impl Value {
    /// NULL of the same class.
    fn emptied(self) -> Self {
        match self {
            Self::Text(_) => Self::Text(None),
            Self::Whole(_) => Self::Whole(None),
            Self::Truth(_) => Self::Truth(None),
            Self::Bytes(_) => Self::Bytes(None),
        }
    }

    /// Whether it is a text that PostgreSQL cannot store.
    pub(crate) fn has_nul(&self) -> bool {
        matches!(self, Self::Text(Some(text)) if text.as_bytes().contains(&0))
    }
}

/// Never shows the value.
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "text",
            Self::Whole(_) => "whole",
            Self::Truth(_) => "truth",
            Self::Bytes(_) => "bytes",
        })
    }
}

/// What can be bound to a placeholder.
pub trait Param {
    /// The value as the database sees it.
    fn value(&self) -> Value;
    /// NULL of this type's class.
    fn null() -> Value
    where
        Self: Sized;
}

impl<T: Param> Param for Option<T> {
    fn value(&self) -> Value {
        self.as_ref().map_or_else(T::null, Param::value)
    }
    fn null() -> Value {
        T::null()
    }
}

impl Param for &str {
    fn value(&self) -> Value {
        Value::Text(Some((*self).to_owned()))
    }
    fn null() -> Value {
        Value::Text(None)
    }
}

impl<T: Param> Param for &T {
    fn value(&self) -> Value {
        T::value(self)
    }
    fn null() -> Value {
        T::null()
    }
}

/// A value that is already in the database's terms, for statements built in a loop.
impl Param for Value {
    fn value(&self) -> Value {
        self.clone()
    }
    fn null() -> Value {
        Value::Text(None).emptied()
    }
}

/// What can be read from a column.
pub trait Column: Sized {
    /// Reads the column; `Ok(None)` is NULL.
    ///
    /// # Errors
    /// The column is not there or holds something else.
    fn read(row: &Row, name: &str) -> Result<Option<Self>, StoreError>;

    /// Reads a column that must hold something.
    ///
    /// # Errors
    /// As `read`, and when the column is NULL.
    fn get(row: &Row, name: &str) -> Result<Self, StoreError> {
        Self::read(row, name)?.ok_or_else(|| StoreError::column(name, "is NULL"))
    }
}

impl<T: Column> Column for Option<T> {
    fn read(row: &Row, name: &str) -> Result<Option<Self>, StoreError> {
        T::read(row, name).map(Some)
    }
}

macro_rules! plain {
    ($($class:ident: $type:ty, $self:ident => $value:expr, $column:ident;)*) => {$(
        impl Param for $type {
            fn value(&self) -> Value { let $self = self; Value::$class(Some($value)) }
            fn null() -> Value { Value::$class(None) }
        }
        impl Column for $type {
            fn read(row: &Row, name: &str) -> Result<Option<Self>, StoreError> { row.$column(name) }
        }
    )*};
}

plain! {
    Text: String, it => it.clone(), text;
    Whole: i64, it => *it, whole;
    Truth: bool, it => *it, truth;
    Bytes: Vec<u8>, it => it.clone(), bytes;
}

macro_rules! whole_params {
    ($($type:ty),*) => {$(
        impl Param for $type {
            fn value(&self) -> Value { Value::Whole(Some(i64::from(*self))) }
            fn null() -> Value { Value::Whole(None) }
        }
    )*};
}

whole_params!(i32, u32, u16, u8);

impl Param for Timestamp {
    fn value(&self) -> Value {
        Value::Whole(Some(self.micros()))
    }
    fn null() -> Value {
        Value::Whole(None)
    }
}

impl Column for Timestamp {
    fn read(row: &Row, name: &str) -> Result<Option<Self>, StoreError> {
        Ok(row.whole(name)?.map(Timestamp::from_micros))
    }
}

/// Types that are text in the database: how they are written and read.
macro_rules! texts {
    ($($type:ty, $it:ident => $write:expr, $text:ident => $read:expr;)*) => {$(
        impl Param for $type {
            fn value(&self) -> Value { let $it = self; Value::Text(Some($write)) }
            fn null() -> Value { Value::Text(None) }
        }
        impl Column for $type {
            fn read(row: &Row, name: &str) -> Result<Option<Self>, StoreError> {
                let Some(found) = row.text(name)? else { return Ok(None) };
                let $text = found.as_str();
                // What was found is not repeated: it might be a secret in the wrong place.
                $read.map(Some).ok_or_else(|| StoreError::column(name, concat!("holds no ", stringify!($type))))
            }
        }
    )*};
}

texts! {
    Digest, it => it.to_hex(), text => Digest::from_hex(text);
    Kind, it => it.as_str().to_owned(), text => Kind::parse(text);
    Actor, it => it.to_text(), text => Some(Actor::from_text(text));
}

macro_rules! identifiers {
    ($($name:ident)*) => {
        texts! { $(id::$name, it => it.as_str().to_owned(), text => <id::$name as Id>::parse(text).ok();)* }
    };
}

identifiers! {
    UserId OrganizationId GroupId InvitationId EnvironmentId DestinationId LimitGroupId PlanId ProfileId ApiId ApiGroupId
    VersionId AppId ClientId CredentialId UserRoleId SubscriptionId SubscriptionRevisionId RequestId TaskId AgreementId
    AcceptanceId NoticeId CommentId SessionId PersonalTokenId TokenId KeyId
    DecisionId WebhookId DeliveryId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_value_keeps_the_class_of_its_type() {
        assert_eq!(None::<Timestamp>.value(), Value::Whole(None));
        assert_eq!(None::<&str>.value(), Value::Text(None));
        assert_eq!(<&Option<bool> as Param>::value(&&None), Value::Truth(None));
        assert_eq!(Some(Some(7_i32)).value(), Value::Whole(Some(7)));
        assert_eq!(None::<id::PlanId>.value(), Value::Text(None));
    }

    #[test]
    fn a_value_is_never_printed() {
        assert_eq!(format!("{:?}", "hunter2".value()), "text");
    }
}
