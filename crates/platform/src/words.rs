//! Closed vocabularies: enums whose words are the same in JSON, the database and the OpenAPI document.

/// Declares an enum with a word for each variant.
macro_rules! words {
    ($($(#[$doc:meta])* pub enum $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:tt),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// Every word, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// Reads the word as the database keeps it.
            ///
            /// # Errors
            /// 500: the database holds a word that this program does not know.
            pub fn read(text: &str) -> Result<Self, base::Problem> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    other => Err(base::Problem::internal(std::io::Error::other(format!(
                        concat!("the database holds `{}` where a ", stringify!($name), " belongs"), other
                    )))),
                }
            }
        }
    )*};
}
pub(crate) use words;
