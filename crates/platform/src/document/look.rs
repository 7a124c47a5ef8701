//! Looking things up in a document that was read.

use super::reference::References;
use super::{Document, Operation};
use serde_json::{Map, Value};

impl Document {
    /// `value`, or what its `$ref` refers to in the end; `None` if that is nothing inside of this document.
    pub fn resolve<'d>(&'d self, value: &'d Value) -> Option<&'d Value> {
        References::new(&self.value).follow(value, "").ok().map(|(value, _)| value)
    }

    /// What the document says about `operation`.
    pub fn described(&self, operation: &Operation) -> Option<&Map<String, Value>> {
        self.layers(operation).into_iter().find_map(|layer| method(layer, &operation.method))
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

/// The method of a path item, in whatever case it was written.
fn method<'d>(item: &'d Map<String, Value>, method: &str) -> Option<&'d Map<String, Value>> {
    item.iter().find(|(name, value)| name.eq_ignore_ascii_case(method) && value.is_object())?.1.as_object()
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
