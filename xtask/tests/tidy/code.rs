//! The Rust files of the repository, read once: their functions, types and tokens, and which of it is test code.

use crate::repository::FILES;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::ops::RangeInclusive;
use std::sync::LazyLock;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// A Rust file.
pub struct Source {
    /// Its path below the root.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
    /// Every function with a body, nested ones included.
    pub functions: Vec<Function>,
    /// The names of every struct, enum, union, trait and type alias.
    pub types: Vec<String>,
    /// All tokens in order, without doc comments.
    pub tokens: Vec<Token>,
}

/// A function.
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its first line, from 1.
    pub line: usize,
    /// Lines from `fn` to the closing brace.
    pub lines: usize,
    /// Its doc comment.
    pub docs: String,
    /// Whether it has an attribute whose path ends in `test`.
    pub is_test: bool,
    /// Whether it has `#[ignore]`.
    pub is_ignored: bool,
}

/// A piece of the text.
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its line, from 1.
    pub line: usize,
    /// Whether it belongs to tests, and never runs in the product.
    pub in_test: bool,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A name or a keyword.
    Word(String),
    /// One character of an operator, or a bracket.
    Mark(char),
    /// The value of a string.
    Text(String),
    /// Another literal.
    Value,
}

impl TokenKind {
    /// Whether it is this name or keyword.
    pub fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(own) if own == word)
    }
}

/// Every Rust file of ours.
pub static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let rust = FILES.iter().filter(|file| file.ends(&[".rs"]));
    let mut sources = Vec::new();
    let mut test_files = Vec::new();
    for file in rust {
        let parsed = syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path));
        let mut walk = Walk::default();
        walk.visit_file(&parsed);
        test_files.extend(walk.test_modules.iter().flat_map(|module| module_files(&file.path, module)));
        let mut tokens = Vec::new();
        let stream: TokenStream = file.text.parse().expect("what syn reads is made of tokens");
        flatten(stream, &walk.test_lines, &mut tokens);
        sources.push(Source {
            path: &file.path,
            text: &file.text,
            functions: walk.functions,
            types: walk.types,
            tokens,
        });
    }
    for source in &mut sources {
        let below = |module: &String| source.path == module || source.path.starts_with(&format!("{module}/"));
        if test_files.iter().any(below) || is_test_path(source.path) {
            source.tokens.iter_mut().for_each(|token| token.in_test = true);
        }
    }
    sources
});

/// Whether all of a file is test code by its place.
fn is_test_path(path: &str) -> bool {
    ["/tests/", "/benches/", "/examples/"].iter().any(|folder| path.contains(folder))
        || path.starts_with("crates/testkit/")
}

/// Where the code of `mod {module};` in `parent` may be: a file, or a folder (without the `.rs`).
fn module_files(parent: &str, module: &str) -> [String; 2] {
    let (folder, name) = parent.rsplit_once('/').unwrap_or(("", parent));
    let stem = name.trim_end_matches(".rs");
    let base = if matches!(stem, "mod" | "lib" | "main") { folder.to_owned() } else { format!("{folder}/{stem}") };
    [format!("{base}/{module}.rs"), format!("{base}/{module}")]
}

fn flatten(stream: TokenStream, test_lines: &[RangeInclusive<usize>], tokens: &mut Vec<Token>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let line = tree.span().start().line;
        let in_test = test_lines.iter().any(|lines| lines.contains(&line));
        let mut push = |kind| tokens.push(Token { kind, line, in_test });
        match tree {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                let inner =
                    trees.peek().is_some_and(|next| matches!(next, TokenTree::Punct(next) if next.as_char() == '!'));
                if inner {
                    trees.next();
                }
                if trees.peek().is_some_and(is_doc) {
                    trees.next();
                } else {
                    push(TokenKind::Mark('#'));
                }
            }
            TokenTree::Punct(mark) => push(TokenKind::Mark(mark.as_char())),
            TokenTree::Ident(word) => push(TokenKind::Word(word.to_string())),
            TokenTree::Literal(literal) => push(match syn::Lit::new(literal) {
                syn::Lit::Str(text) => TokenKind::Text(text.value()),
                _ => TokenKind::Value,
            }),
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ('(', ')'),
                    Delimiter::Brace => ('{', '}'),
                    Delimiter::Bracket => ('[', ']'),
                    Delimiter::None => (' ', ' '),
                };
                push(TokenKind::Mark(open));
                flatten(group.stream(), test_lines, tokens);
                tokens.push(Token { kind: TokenKind::Mark(close), line, in_test });
            }
        }
    }
}

/// Whether this is the bracket of a doc comment.
fn is_doc(tree: &TokenTree) -> bool {
    let TokenTree::Group(group) = tree else { return false };
    matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(word)) if word == "doc")
}

/// Collects what is asked of a file from its syntax tree.
#[derive(Default)]
struct Walk {
    functions: Vec<Function>,
    types: Vec<String>,
    test_lines: Vec<RangeInclusive<usize>>,
    test_modules: Vec<String>,
}

impl Walk {
    fn function(&mut self, attributes: &[syn::Attribute], signature: &syn::Signature, body: &syn::Block) {
        let first = signature.span().start().line;
        let last = body.span().end().line;
        let is_test = attributes.iter().any(|attribute| ends_in(attribute.path(), "test"));
        if is_test {
            self.test_lines.push(first..=last);
        }
        self.functions.push(Function {
            name: signature.ident.to_string(),
            line: first,
            lines: last + 1 - first,
            docs: docs(attributes),
            is_test,
            is_ignored: attributes.iter().any(|attribute| attribute.path().is_ident("ignore")),
        });
    }
}

impl<'ast> Visit<'ast> for Walk {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if is_only_for_tests(item) {
            let span = item.span();
            self.test_lines.push(span.start().line..=span.end().line);
            if let syn::Item::Mod(syn::ItemMod { content: None, ident, .. }) = item {
                self.test_modules.push(ident.to_string());
            }
        }
        match item {
            syn::Item::Struct(item) => self.types.push(item.ident.to_string()),
            syn::Item::Enum(item) => self.types.push(item.ident.to_string()),
            syn::Item::Union(item) => self.types.push(item.ident.to_string()),
            syn::Item::Trait(item) => self.types.push(item.ident.to_string()),
            syn::Item::Type(item) => self.types.push(item.ident.to_string()),
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.function(&item.attrs, &item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

fn ends_in(path: &syn::Path, name: &str) -> bool {
    path.segments.last().is_some_and(|segment| segment.ident == name)
}

fn docs(attributes: &[syn::Attribute]) -> String {
    let text = |attribute: &syn::Attribute| {
        let syn::Meta::NameValue(meta) = &attribute.meta else { return None };
        let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &meta.value else { return None };
        meta.path.is_ident("doc").then(|| text.value() + "\n")
    };
    attributes.iter().filter_map(text).collect()
}

/// Whether an item has `#[cfg(test)]`.
fn is_only_for_tests(item: &syn::Item) -> bool {
    let attributes = match item {
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        _ => return false,
    };
    let is_test = |attribute: &syn::Attribute| {
        let mut found = false;
        let words = attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("test");
            Ok(())
        });
        words.is_ok() && found && attribute.path().is_ident("cfg")
    };
    attributes.iter().any(is_test)
}

#[test]
fn test_code_is_told_from_the_product() {
    let text = "fn a() { sleep(1) }\n#[cfg(test)]\nmod tests {\n fn b() { sleep(2) }\n}\n/// A40\n#[tokio::test]\nasync fn c() {\n sleep(3)\n}\n";
    let mut walk = Walk::default();
    walk.visit_file(&syn::parse_file(text).unwrap());
    let mut tokens = Vec::new();
    flatten(text.parse().unwrap(), &walk.test_lines, &mut tokens);
    let sleeps = tokens.iter().filter(|token| token.kind.is_word("sleep"));
    assert_eq!(sleeps.map(|token| (token.line, token.in_test)).collect::<Vec<_>>(), [(1, false), (4, true), (9, true)]);
    let [_, _, last] = &walk.functions[..] else { panic!("three functions") };
    assert_eq!((last.lines, last.docs.trim(), last.is_test), (3, "A40", true));
    assert!(!tokens.iter().any(|token| matches!(&token.kind, TokenKind::Text(text) if text.contains("A40"))));
    assert_eq!(module_files("a/src/lib.rs", "tests"), ["a/src/tests.rs", "a/src/tests"]);
    assert_eq!(module_files("a/src/b.rs", "tests"), ["a/src/b/tests.rs", "a/src/b/tests"]);
}
