//! Looking things up in a document that was read.

use super::reference::References;
use super::survey::escaped;
use super::{Document, Operation};
use serde_json::{Map, Value};

impl Document {
    /// `value`, or what its `$ref` refers to in the end; `None` if that is nothing inside of this document.
    pub fn resolve<'d>(&'d self, value: &'d Value) -> Option<&'d Value> {
        References::new(&self.value).follow(value, "").ok().map(|(value, _)| value)
    }

    /// What the document says about `operation`.
    pub fn described(&self, operation: &Operation) -> Option<&Map<String, Value>> {
        self.layers(operation)
            .into_iter()
            .find_map(|layer| method(layer, &operation.method).map(|(_, described)| described))
    }

    /// The parameters that hold for `operation`, with their references followed: its own, then those of its path that
    /// it does not redefine. The body of 2.0 is among them.
    pub fn parameters(&self, operation: &Operation) -> Vec<&Value> {
        let mut all: Vec<&Value> = Vec::new();
        let owners = self.described(operation).into_iter().chain(self.layers(operation));
        for parameter in owners.filter_map(|owner| owner.get("parameters")?.as_array()).flatten() {
            let Some(parameter) = self.resolve(parameter) else { continue };
            let same = |other: &&Value| ["in", "name"].iter().all(|member| other.get(member) == parameter.get(member));
            if !all.iter().any(same) {
                all.push(parameter);
            }
        }
        all
    }

    /// The places that describe `operation`, as JSON pointers: its own, then those of its path items.
    pub(crate) fn pointers(&self, operation: &Operation) -> Vec<String> {
        let own = format!("/paths/{}", escaped(&operation.path));
        let item = self.value.get("paths").and_then(|paths| paths.get(&operation.path));
        let behind = item.filter(|item| item.get("$ref").is_some()).and_then(|item| self.place(item, &own));
        let items: Vec<String> = std::iter::once(own).chain(behind.map(|(_, at)| at)).collect();
        let inside = |at: &String| {
            let (name, _) = method(self.value.pointer(at)?.as_object()?, &operation.method)?;
            Some(format!("{at}/{}", escaped(name)))
        };
        items.iter().find_map(inside).into_iter().chain(items.iter().cloned()).collect()
    }

    /// `value`, which stands at `pointer`, or what its `$ref` refers to in the end, and the pointer of that.
    pub(crate) fn place<'d>(&'d self, value: &'d Value, pointer: &str) -> Option<(&'d Value, String)> {
        References::new(&self.value).follow(value, pointer).ok().map(|(value, at)| (value, at.to_string()))
    }

    /// The path item, and what it refers to.
    fn layers(&self, operation: &Operation) -> Vec<&Map<String, Value>> {
        let item = self.value.get("paths").and_then(|paths| paths.get(&operation.path));
        let mut layers: Vec<&Map<String, Value>> = item.and_then(Value::as_object).into_iter().collect();
        if item.is_some_and(|item| item.get("$ref").is_some()) {
            layers.extend(item.and_then(|item| self.resolve(item)).and_then(Value::as_object));
        }
        layers
    }
}

/// The method of a path item, in whatever case it was written, with its name there.
fn method<'d>(item: &'d Map<String, Value>, method: &str) -> Option<(&'d String, &'d Map<String, Value>)> {
    let mut named = item.iter().filter(|(name, _)| name.eq_ignore_ascii_case(method));
    named.find_map(|(name, value)| value.as_object().map(|described| (name, described)))
}

#[cfg(test)]
mod tests {
    use super::super::read;

    #[test]
    fn an_operation_is_found_with_its_parameters_behind_references() {
        let text = r##"{"openapi": "3.0.0", "paths": {
            "/a/{id}": {"$ref": "#/x-item", "parameters": [{"in": "path", "name": "id", "description": "own"}]}},
            "x-item": {"GET": {"operationId": "a", "parameters": [{"$ref": "#/x-q"}, {"$ref": "#/x-lost"}]},
                       "parameters": [{"in": "path", "name": "id"}, {"in": "header", "name": "h"}]},
            "x-q": {"in": "query", "name": "q"}}"##;
        let document = read(text.as_bytes()).expect("reads");
        let operation = &document.operations[0];
        assert_eq!(document.described(operation).and_then(|o| o.get("operationId")?.as_str()), Some("a"));
        let found: Vec<String> = document
            .parameters(operation)
            .iter()
            .map(|p| format!("{} {}", p["name"], p.get("description").is_some()))
            .collect();
        assert_eq!(found, ["\"q\" false", "\"id\" true", "\"h\" false"]);
    }
}
