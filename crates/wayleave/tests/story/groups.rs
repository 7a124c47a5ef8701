//! Groups of people: a tree inside an organization.

use serde_json::json;
use testkit::{Actor, Reply, TestApp};

struct Tree {
    app: TestApp,
    owner: Actor,
    organization: String,
}

impl Tree {
    async fn grow() -> Self {
        let app = TestApp::start().await;
        let owner = app.person("owner").await;
        let made = owner.post("/api/v1/organizations", json!({"name": "Ours"})).await.is(201);
        Self { organization: made.str("id"), app, owner }
    }

    async fn make(&self, name: &str, parent: Option<&str>) -> Reply {
        let mut body = json!({"organization": self.organization, "name": name, "contract_number": "C-1"});
        if let Some(parent) = parent {
            body["parent"] = json!(parent);
        }
        self.owner.post("/api/v1/groups", body).await
    }

    async fn hang(&self, group: &str, below: Option<&str>) -> Reply {
        self.owner.patch(&format!("/api/v1/groups/{group}"), json!({"parent": below})).await
    }

    async fn member(&self, name: &str, role: &str) -> Actor {
        let person = self.app.person(name).await;
        let path = format!("/api/v1/organizations/{}/members/{}", self.organization, person.id);
        self.owner.put(&path, json!({"role": role})).await.is(200);
        person
    }
}

/// A01
#[tokio::test]
async fn groups_are_a_tree_without_circles_that_is_never_cut_in_use() {
    let tree = Tree::grow().await;
    let north = tree.make("North", None).await.is(201).str("id");
    let desk = tree.make("Desk", Some(&north)).await.is(201).str("id");
    let night = tree.make("Night", Some(&desk)).await.is(201).str("id");
    tree.make("Desk", Some(&north)).await.problem(409, "exists");
    tree.make("North", None).await.problem(409, "exists");
    let shown = tree.owner.get(&format!("/api/v1/groups/{night}")).await.is(200);
    let path: Vec<_> = shown["path"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!((path, &shown["contract_number"]), (vec!["North", "Desk"], &json!("C-1")));
    for below in [&north, &desk, &night] {
        tree.hang(&north, Some(below)).await.problem(409, "wrong-state");
    }
    // Two moves that would make a circle only together.
    let south = tree.make("South", None).await.is(201).str("id");
    for _ in 0..4 {
        let (x, y) = tokio::join!(tree.hang(&north, Some(&south)), tree.hang(&south, Some(&north)));
        let moved =
            [(&x, &north), (&y, &south)].into_iter().filter(|(reply, _)| reply.status.is_success()).collect::<Vec<_>>();
        let [(_, moved)] = moved.as_slice() else { panic!("{} {}", x.text(), y.text()) };
        tree.hang(moved, None).await.is(200);
    }
    let foreign = tree.app.person("foreign").await;
    let theirs = foreign.post("/api/v1/organizations", json!({"name": "Theirs"})).await.is(201).str("id");
    let theirs = foreign.post("/api/v1/groups", json!({"organization": theirs, "name": "Far"})).await.is(201).str("id");
    assert_eq!(tree.hang(&south, Some(&theirs)).await.problem(422, "invalid")["errors"][0]["pointer"], "/parent");
    tree.owner.get(&format!("/api/v1/groups/{theirs}")).await.problem(404, "not-found");

    tree.owner.delete(&format!("/api/v1/groups/{desk}")).await.problem(409, "in-use");
    let person = tree.member("person", "NONE").await;
    tree.owner.put(&format!("/api/v1/groups/{night}/members/{}", person.id), json!({})).await.is(200);
    tree.owner.delete(&format!("/api/v1/groups/{night}")).await.problem(409, "in-use");
    tree.owner.delete(&format!("/api/v1/groups/{night}/members/{}", person.id)).await.is(200);
    for group in [&night, &desk] {
        tree.owner.delete(&format!("/api/v1/groups/{group}")).await.is(200);
    }
    let mut parent = north;
    for depth in 0..6 {
        parent = tree.make(&format!("Deep {depth}"), Some(&parent)).await.is(201).str("id");
    }
    parent = tree.make("Deepest", Some(&parent)).await.is(201).str("id");
    tree.make("Too deep", Some(&parent)).await.problem(409, "wrong-state");
}

/// A01
#[tokio::test]
async fn only_members_are_in_groups_and_they_see_theirs_and_leave_with_the_organization() {
    let tree = Tree::grow().await;
    let group = tree.make("Desk", None).await.is(201).str("id");
    let path = format!("/api/v1/groups/{group}");
    let (person, outsider) = (tree.member("person", "NONE").await, tree.app.person("outsider").await);
    let place = |who: &Actor| format!("{path}/members/{}", who.id);
    person.get(&path).await.problem(404, "not-found");
    assert_eq!(
        tree.owner.put(&place(&outsider), json!({})).await.problem(422, "invalid")["errors"][0]["pointer"],
        "/user"
    );
    tree.owner.put(&place(&person), json!({})).await.is(200);
    tree.owner.put(&place(&person), json!({})).await.problem(409, "exists");
    // Whoever is in it sees it, though the organization is nothing to them.
    assert_eq!(person.get(&path).await.is(200)["members"], 1);
    person.patch(&path, json!({"name": "Mine"})).await.problem(403, "forbidden");
    person.get(&format!("/api/v1/organizations/{}", tree.organization)).await.problem(404, "not-found");
    outsider.get(&path).await.problem(404, "not-found");
    for part in ["/members", "/connections", "/board", "/followers"] {
        person.get(&format!("{path}{part}")).await.is(200);
        outsider.get(&format!("{path}{part}")).await.problem(404, "not-found");
    }
    let ties = person.get("/api/v1/me/connections?type=membership&kind=group").await.is(200);
    assert_eq!((&ties.items()[0]["b"]["id"], &ties.items()[0]["role"]), (&json!(group), &json!("MEMBER")));
    // News of a group come to those who follow it.
    person.put(&format!("{path}/follow"), json!({})).await.is(200);
    tree.owner.patch(&path, json!({"description": "For the night"})).await.is(200);
    assert_eq!(person.get("/api/v1/me/dashboard?verb=group.edited").await.is(200).items().len(), 1);
    let left = format!("/api/v1/organizations/{}/members/{}", tree.organization, person.id);
    tree.owner.delete(&left).await.is(200);
    person.get(&path).await.problem(404, "not-found");
    assert!(person.get("/api/v1/me/dashboard?verb=group.edited").await.is(200).items().is_empty());
    assert!(tree.owner.get(&format!("{path}/members")).await.is(200).items().is_empty());
}
