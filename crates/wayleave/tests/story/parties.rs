//! Organizations as partners: who belongs to them and as what, who is asked to, and who acts for whom.

use serde_json::{Value, json};
use testkit::{Actor, Reply, Story, TestApp};

async fn found(who: &Actor, name: &str) -> String {
    who.post("/api/v1/organizations", json!({"name": name})).await.is(201).str("id")
}

fn at(organization: &str, rest: &str) -> String {
    format!("/api/v1/organizations/{organization}{rest}")
}

async fn put_member(by: &Actor, organization: &str, who: &Actor, role: &str) -> Reply {
    by.put(&at(organization, &format!("/members/{}", who.id)), json!({"role": role})).await
}

fn action<'a>(of: &'a Reply, name: &str) -> &'a Value {
    let all = of["actions"].as_array().expect("actions");
    all.iter().find(|offer| offer["action"] == name).unwrap_or_else(|| panic!("no `{name}` in {}", of.text()))
}

/// C69 C70 C72
#[tokio::test]
async fn an_owner_edits_a_reader_reads_and_none_sees_nothing_but_works_on_the_app() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (reader, worker) = (app.person("reader").await, app.person("worker").await);
    let organization = &story.consumer_organization;
    put_member(&story.consumer, organization, &reader, "READ_ONLY").await.is(200);
    put_member(&story.consumer, organization, &worker, "NONE").await.is(200);
    let team = format!("/api/v1/apps/{}/team/{}", story.app, worker.id);
    story.consumer.put(&team, json!({"role": "DEVELOPER"})).await.is(200);

    let (one, app_path) = (at(organization, ""), format!("/api/v1/apps/{}", story.app));
    let new = json!({"description": "Shops", "contact": {"name": "Desk", "email": "desk@example.com", "url": "https://example.com/"}});
    let edited = story.consumer.patch(&one, new.clone()).await.is(200);
    assert_eq!(edited["contact"], new["contact"]);
    let seen = reader.get(&one).await.is(200);
    assert_eq!((&seen["role"], &seen["contact"]), (&json!("READ_ONLY"), &new["contact"]));
    assert_eq!(
        (&seen["counts"]["members"], &seen["counts"]["apps"], &seen["counts"]["apis"]),
        (&json!(3), &json!(1), &json!(0))
    );
    reader.patch(&one, json!({"name": "Mine"})).await.problem(403, "forbidden");

    for hidden in ["", "/members", "/roles", "/invitations", "/managed", "/connections", "/board", "/attention"] {
        worker.get(&at(organization, hidden)).await.problem(404, "not-found");
    }
    assert!(worker.get("/api/v1/organizations").await.is(200).items().is_empty());
    worker.patch(&app_path, json!({"description": "Worked on"})).await.is(200);
    // An app's reader does not subscribe, and neither does its developer.
    story.consumer.put(&team, json!({"role": "READ_ONLY"})).await.is(200);
    worker.patch(&app_path, json!({"description": "No"})).await.problem(403, "forbidden");
    let request = json!({"apps": [story.app], "api": story.api, "environment": "production", "plan": story.open_plan});
    worker.post("/api/v1/subscriptions", request).await.problem(403, "forbidden");
    let credentials = worker.get(&format!("/api/v1/clients/{}/credentials", story.client)).await.is(200);
    assert!(!credentials.text().contains(&story.key), "{}", credentials.text());
}

/// C68
#[tokio::test]
async fn one_person_has_a_role_of_their_own_in_each_of_many_organizations_and_apps() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let person = app.person("person").await;
    let own = found(&person, "Own").await;
    put_member(&story.provider, &story.provider_organization, &person, "READ_ONLY").await.is(200);
    let team = format!("/api/v1/apps/{}/team/{}", story.app, person.id);
    story.consumer.put(&team, json!({"role": "DEVELOPER"})).await.is(200);
    let mine = person.get("/api/v1/organizations").await.is(200);
    let mut roles: Vec<_> =
        mine.items().iter().map(|it| (it["id"].as_str().unwrap(), it["role"].as_str().unwrap())).collect();
    roles.sort_unstable();
    let mut expected = [(own.as_str(), "OWNER"), (story.provider_organization.as_str(), "READ_ONLY")];
    expected.sort_unstable();
    assert_eq!(roles, expected);
    assert_eq!(person.get(&format!("/api/v1/apps/{}", story.app)).await.is(200)["role"], "DEVELOPER");
}

/// C79
#[tokio::test]
async fn only_people_with_a_proven_address_are_added_and_nobody_learns_which_addresses_have_accounts() {
    let app = TestApp::start().await;
    let owner = app.person("owner").await;
    let (proven, unproven) = (app.person("proven").await, app.unproven_person("unproven").await);
    let organization = found(&owner, "Ours").await;
    let members = at(&organization, "/members");
    let add = async |name: &str| owner.post(&members, json!({"username": name, "role": "READ_ONLY"})).await;
    let refused = add(&unproven.name).await.problem(422, "invalid");
    assert!(refused["detail"].as_str().unwrap().contains("confirmed"), "{}", refused.text());
    put_member(&owner, &organization, &unproven, "OWNER").await.problem(422, "invalid");
    let role = at(&organization, &format!("/roles/business_admin/{}", unproven.id));
    owner.put(&role, json!({})).await.problem(422, "invalid");
    assert_eq!(add("nobody-at-all").await.problem(422, "invalid")["errors"][0]["pointer"], "/username");
    add(&proven.name).await.is(201);
    add(&proven.name).await.problem(409, "exists");

    // By e-mail the answer is the same for a proven address, one that is not proven, and one without an account.
    let known = app.person("known").await;
    let mut answers = Vec::new();
    for email in [
        format!("{}@example.com", known.name),
        format!("{}@example.com", unproven.name),
        "no-account@example.com".into(),
    ] {
        let mut made =
            owner.post(&at(&organization, "/invitations"), json!({"email": email, "role": "READ_ONLY"})).await.is(201);
        for own in ["id", "email", "change"] {
            made.json[own] = Value::Null;
        }
        answers.push(made.json);
    }
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:#?}");
    let listed = owner.get(&at(&organization, "/invitations")).await.is(200);
    assert!(listed.items().iter().all(|it| it["state"] == "pending"), "{}", listed.text());
}

/// C79
#[tokio::test]
async fn an_invitation_is_accepted_by_whoever_proves_its_address_within_two_weeks() {
    let app = TestApp::start().await;
    let owner = app.person("owner").await;
    let organization = found(&owner, "Ours").await;
    let invite = async |email: &str, role: &str| {
        owner.post(&at(&organization, "/invitations"), json!({"email": email, "role": role})).await
    };
    let state = async |id: &str| {
        let all = owner.get(&at(&organization, "/invitations")).await.is(200);
        all.items().iter().find(|it| it["id"] == id).expect("it is listed")["state"].clone()
    };
    let later = invite("Newcomer@Example.com", "READ_ONLY").await.is(201).str("id");
    invite("newcomer@example.com", "OWNER").await.problem(409, "exists");
    // Who claims the address without proof sees nothing and gets nothing.
    let thief = app.unproven_person("thief").await;
    thief.patch("/api/v1/me", json!({"email": "newcomer@example.com"})).await.is(200);
    assert!(thief.get("/api/v1/me/invitations").await.is(200).items().is_empty());
    thief.post(&format!("/api/v1/me/invitations/{later}/accept"), json!({})).await.problem(404, "not-found");
    // Proving it is joining.
    let newcomer = app.unproven_person("newcomer").await;
    newcomer.patch("/api/v1/me", json!({"email": "newcomer@example.com"})).await.is(200);
    let token = crate::people::token_of(&app, &newcomer).await;
    newcomer.post("/api/v1/me/verification/confirm", json!({"token": token})).await.is(200);
    assert_eq!(newcomer.get(&at(&organization, "")).await.is(200)["role"], "READ_ONLY");
    assert_eq!(state(&later).await, "accepted");
    // Whoever has proven the address before answers themselves, once.
    let (asked, other) = (app.person("asked").await, app.person("other").await);
    let id = invite(&format!("{}@example.com", asked.name), "OWNER").await.is(201).str("id");
    let mine = asked.get("/api/v1/me/invitations").await.is(200);
    assert_eq!((&mine.items()[0]["id"], &mine.items()[0]["role"]), (&json!(id), &json!("OWNER")));
    other.post(&format!("/api/v1/me/invitations/{id}/accept"), json!({})).await.problem(404, "not-found");
    asked.post(&format!("/api/v1/me/invitations/{id}/accept"), json!({})).await.is(200);
    asked.post(&format!("/api/v1/me/invitations/{id}/accept"), json!({})).await.problem(409, "wrong-state");
    assert_eq!(asked.get(&at(&organization, "")).await.is(200)["role"], "OWNER");
    // What was taken back or has run out lets nobody in.
    let address = format!("{}@example.com", other.name);
    let id = invite(&address, "READ_ONLY").await.is(201).str("id");
    owner.delete(&at(&organization, &format!("/invitations/{id}"))).await.is(200);
    other.post(&format!("/api/v1/me/invitations/{id}/accept"), json!({})).await.problem(409, "wrong-state");
    let id = invite(&address, "READ_ONLY").await.is(201).str("id");
    app.clock.advance_seconds(14 * 86_400);
    other.post(&format!("/api/v1/me/invitations/{id}/accept"), json!({})).await.problem(409, "wrong-state");
    assert_eq!(state(&id).await, "expired");
    invite(&address, "READ_ONLY").await.is(201);
    let board = owner.get(&at(&organization, "/board?verb=organization.invited")).await.is(200);
    assert!(
        board.text().contains("n...@example.com") && !board.text().contains("newcomer@example.com"),
        "{}",
        board.text()
    );
}

/// C79
#[tokio::test]
async fn an_invitation_counts_only_while_the_inviter_may_invite_and_its_link_cannot_be_forged() {
    let app = TestApp::start().await;
    let (owner, deputy, guest) = (app.person("owner").await, app.person("deputy").await, app.person("guest").await);
    let organization = found(&owner, "Ours").await;
    put_member(&owner, &organization, &deputy, "OWNER").await.is(200);
    let body = json!({"email": format!("{}@example.com", guest.name), "role": "OWNER"});
    let id = deputy.post(&at(&organization, "/invitations"), body).await.is(201).str("id");
    put_member(&owner, &organization, &deputy, "READ_ONLY").await.is(200);
    guest.post(&format!("/api/v1/me/invitations/{id}/accept"), json!({})).await.problem(409, "wrong-state");
    guest.get(&at(&organization, "")).await.problem(404, "not-found");

    let body = json!({"email": "new@example.com", "role": "READ_ONLY"});
    let id = owner.post(&at(&organization, "/invitations"), body).await.is(201).str("id");
    let platform = &app.server().platform;
    let cx = platform::Cx::system(platform);
    let mut tx = cx.read().await.unwrap();
    let parsed = base::id::Id::parse(&id).unwrap();
    let it = platform::organization::find_invitation(&mut tx, &parsed).await.unwrap().expect("it is there");
    drop(tx);
    let link = platform::organization::invitation_link(platform, &it).reveal().to_owned();
    let path = link.strip_prefix(&platform.settings.public_url).expect("a page of ours");
    let page = app.nobody().get(path).await.is(200).text();
    assert!(page.contains("new@example.com") && page.contains("Ours"), "{page}");
    let forged = format!("{}{}", &path[..path.len() - 1], if path.ends_with('0') { '1' } else { '0' });
    let page = app.nobody().get(&forged).await.is(200).text();
    assert!(!page.contains("new@example.com") && !page.contains("Ours"), "{page}");
}

/// C69
#[tokio::test]
async fn an_organization_keeps_an_owner_also_when_two_leave_at_once() {
    let app = TestApp::start().await;
    let (one, two) = (app.person("one").await, app.person("two").await);
    let organization = found(&one, "Ours").await;
    put_member(&one, &organization, &one, "READ_ONLY").await.problem(409, "wrong-state");
    for _ in 0..8 {
        put_member(&one, &organization, &two, "OWNER").await.is(200);
        let (a, b) = tokio::join!(
            put_member(&one, &organization, &two, "READ_ONLY"),
            put_member(&two, &organization, &one, "READ_ONLY")
        );
        let done = [&a, &b].iter().filter(|reply| reply.status.is_success()).count();
        assert_eq!(done, 1, "{} {}", a.text(), b.text());
        if b.status.is_success() {
            put_member(&two, &organization, &one, "OWNER").await.is(200);
        }
    }
    let path = at(&organization, &format!("/members/{}", one.id));
    let members = one.get(&at(&organization, "/members")).await.is(200);
    assert_eq!(members.items().len(), 2);
    put_member(&one, &organization, &two, "READ_ONLY").await;
    one.delete(&path).await.problem(409, "wrong-state");
}

/// A47
#[tokio::test]
async fn granted_roles_are_one_mechanism_and_end_with_the_membership() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (chief, designer) = (app.person("chief").await, app.person("designer").await);
    let own = &story.provider_organization;
    let role = |role: &str, who: &Actor| at(own, &format!("/roles/{role}/{}", who.id));
    story.provider.put(&role("emperor", &chief), json!({})).await.problem(404, "not-found");
    story.provider.put(&role("business_admin", &chief), json!({})).await.is(200);
    story.provider.put(&role("api_designer", &designer), json!({})).await.is(200);
    let granted = story.provider.get(&at(own, "/roles")).await.is(200);
    let pairs: Vec<_> = granted.items().iter().map(|it| (it["role"].as_str(), it["user"]["id"].as_str())).collect();
    assert_eq!(
        pairs,
        [(Some("api_designer"), Some(designer.id.as_str())), (Some("business_admin"), Some(chief.id.as_str()))]
    );
    chief.put(&role("business_admin", &designer), json!({})).await.problem(403, "forbidden");

    // A business administrator modifies a contract.
    let id = story.requested().await;
    story.act(&designer, &id, "approve").await.problem(403, "forbidden");
    story.act(&chief, &id, "approve").await.is(200);
    let plan = json!({"plan": story.open_plan});
    assert_eq!(chief.patch(&format!("/api/v1/subscriptions/{id}"), plan).await.is(200)["plan"]["id"], story.open_plan);
    // A designer makes and edits APIs of the organization; its OWNERs administer what they made.
    let made = designer.post("/api/v1/apis", json!({"organization": own, "name": "Drawn"})).await.is(201).str("id");
    let path = format!("/api/v1/apis/{made}");
    designer.patch(&path, json!({"description": "Drawn well"})).await.is(200);
    designer.patch(&format!("/api/v1/apis/{}", story.api), json!({"description": "Better"})).await.is(200);
    let administrators = story.provider.get(&format!("{path}/connections?type=membership")).await.is(200);
    let who: Vec<_> = administrators.items().iter().map(|it| it["a"]["id"].as_str().unwrap()).collect();
    assert_eq!(who, [story.provider.id.as_str()]);
    designer.put(&format!("{path}/administrators/{}", designer.id), json!({})).await.problem(403, "forbidden");

    put_member(&story.provider, own, &chief, "READ_ONLY").await.is(200);
    story.provider.delete(&at(own, &format!("/members/{}", chief.id))).await.is(200);
    chief.get(&at(own, "")).await.problem(404, "not-found");
}

/// K21
#[tokio::test]
async fn a_reseller_acts_for_a_managed_organization_but_makes_no_clients_under_it() {
    let app = TestApp::start().await;
    let story = Story::tell(&app).await;
    let (reseller, clerk) = (app.person("reseller").await, app.person("clerk").await);
    let (customer, manager) = (&story.consumer_organization, found(&reseller, "Reseller").await);
    put_member(&reseller, &manager, &clerk, "READ_ONLY").await.is(200);
    let path = at(customer, "/manager");
    let named = json!({"organization": manager});
    reseller.put(&path, named.clone()).await.problem(404, "not-found");
    let set = story.consumer.put(&path, named.clone()).await.is(200);
    assert_eq!(set["managed_by"]["name"], "Reseller");

    // OWNERs of the reseller act as OWNER; its other people see nothing by that.
    let seen = reseller.get(&at(customer, "")).await.is(200);
    assert_eq!(
        (&seen["by_management"], &seen["role"], &seen["may_manage"]),
        (&json!(true), &Value::Null, &json!(true))
    );
    clerk.get(&at(customer, "")).await.problem(404, "not-found");
    assert!(reseller.get("/api/v1/organizations").await.is(200).text().contains(customer.as_str()));
    let managed = reseller.get(&at(&manager, "/managed")).await.is(200);
    assert_eq!(managed.items()[0]["id"], json!(customer));
    let made = reseller.post("/api/v1/apps", json!({"organization": customer, "name": "Sold"})).await.is(201).str("id");

    // But no clients, whatever role they hold there.
    let client = |of: &str| json!({"app": of, "name": "Sold backend"});
    let refused = reseller.post("/api/v1/clients", client(&made)).await.problem(403, "forbidden");
    assert_eq!(refused["reason"], "managed");
    let shown = reseller.get(&format!("/api/v1/apps/{made}")).await.is(200);
    assert_eq!(
        (&action(&shown, "add_client")["allowed"], &action(&shown, "add_client")["reason"]),
        (&json!(false), &json!("managed"))
    );
    let team = format!("/api/v1/apps/{made}/team");
    reseller.put(&format!("{team}/{}", story.consumer.id), json!({"role": "OWNER"})).await.is(200);
    reseller.put(&format!("{team}/{}", clerk.id), json!({"role": "DEVELOPER"})).await.is(200);
    clerk.post("/api/v1/clients", client(&made)).await.problem(403, "forbidden");
    story.consumer.post("/api/v1/clients", client(&made)).await.is(201);

    // They cannot make themselves or their people more than that, so nothing outlives the management.
    for who in [&reseller, &clerk] {
        let refused = put_member(&reseller, customer, who, "OWNER").await.problem(403, "forbidden");
        assert_eq!(refused["reason"], "managed");
        let role = at(customer, &format!("/roles/business_admin/{}", who.id));
        reseller.put(&role, json!({})).await.problem(403, "forbidden");
    }
    let sneaked = json!({"email": format!("{}@example.com", clerk.name), "role": "READ_ONLY"});
    let id = reseller.post(&at(customer, "/invitations"), sneaked).await.is(201).str("id");
    clerk.post(&format!("/api/v1/me/invitations/{id}/accept"), json!({})).await.problem(403, "forbidden");
    let third = found(&reseller, "Third").await;
    reseller.put(&path, json!({"organization": third})).await.problem(403, "forbidden");

    reseller.delete(&path).await.is(200);
    reseller.get(&at(customer, "")).await.problem(404, "not-found");
    reseller.post("/api/v1/apps", json!({"organization": customer, "name": "More"})).await.problem(422, "invalid");
}

/// K21
#[tokio::test]
async fn management_has_no_circles_and_reaches_one_step() {
    let app = TestApp::start().await;
    let (owner, other, admin) = (app.person("owner").await, app.person("other").await, app.admin().await);
    let (a, b, c) = (found(&owner, "A").await, found(&owner, "B").await, found(&owner, "C").await);
    let set = async |who: &Actor, managed: &str, manager: &str| {
        who.put(&at(managed, "/manager"), json!({"organization": manager})).await
    };
    set(&owner, &a, &a).await.problem(422, "invalid");
    set(&owner, &a, "org_01j9z0000000000000000000zz").await.problem(422, "invalid");
    set(&owner, &a, &b).await.is(200);
    set(&owner, &a, &b).await.problem(409, "wrong-state");
    set(&owner, &a, &c).await.problem(409, "wrong-state");
    set(&owner, &b, &a).await.problem(409, "wrong-state");
    set(&owner, &c, &a).await.problem(409, "wrong-state");
    set(&owner, &b, &c).await.problem(409, "wrong-state");
    owner.delete(&at(&a, "/manager")).await.is(200);
    owner.delete(&at(&a, "/manager")).await.problem(404, "not-found");
    // Two that name one another at once do not both succeed.
    for _ in 0..4 {
        let (x, y) = tokio::join!(set(&owner, &a, &b), set(&owner, &b, &a));
        let done = [(&x, &a), (&y, &b)].into_iter().filter(|(reply, _)| reply.status.is_success()).collect::<Vec<_>>();
        let [(_, managed)] = done.as_slice() else { panic!("{} {}", x.text(), y.text()) };
        owner.delete(&at(managed, "/manager")).await.is(200);
    }
    // A site administrator settles it too; founding under a manager takes an OWNER of it.
    set(&admin, &a, &b).await.is(200);
    let new = json!({"name": "D", "managed_by": b});
    other.post("/api/v1/organizations", new.clone()).await.problem(422, "invalid");
    assert_eq!(owner.post("/api/v1/organizations", new).await.is(201)["managed_by"]["id"], json!(b));
    let managed = json!({"name": "E", "managed_by": a});
    owner.post("/api/v1/organizations", managed).await.problem(409, "wrong-state");
}

#[tokio::test]
async fn members_are_found_by_the_beginning_of_their_names_page_by_page() {
    let app = TestApp::start().await;
    let owner = app.person("owner").await;
    let organization = found(&owner, "Ours").await;
    let mut names = Vec::new();
    for name in ["anna", "anton", "berta"] {
        let person = app.person(name).await;
        put_member(&owner, &organization, &person, "READ_ONLY").await.is(200);
        names.push(person);
    }
    let found = async |who: &Actor, query: &str| {
        let list = who.get(&at(&organization, &format!("/members?{query}"))).await.is(200);
        list.items().iter().map(|it| it["user"]["username"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    assert_eq!(sorted(found(&owner, "q=an").await), [names[0].name.clone(), names[1].name.clone()]);
    assert!(found(&owner, "q=nna").await.is_empty());
    let first = owner.get(&at(&organization, "/members?limit=3")).await.is(200);
    let mut all = found(&owner, "limit=3").await;
    assert_eq!(all.len(), 3);
    all.extend(found(&owner, &format!("limit=3&after={}", first.str("next"))).await);
    assert_eq!(sorted(all).len(), 4);
    // Who manages the members sees whose address is proven.
    let shown = owner.get(&at(&organization, "/members")).await.is(200);
    assert!(shown.items().iter().all(|it| it["email_verified"].is_boolean()));
    let shown = names[0].get(&at(&organization, "/members")).await.is(200);
    assert!(shown.items().iter().all(|it| it.get("email_verified").is_none()), "{}", shown.text());
    // All people are for site administrators, by name or address.
    let admin = app.admin().await;
    let all = admin.get("/api/v1/users?q=an").await.is(200);
    assert_eq!(all.items().len(), 2, "{}", all.text());
    let by_address = admin.get(&format!("/api/v1/users?q={}@", names[2].name)).await.is(200);
    assert_eq!(by_address.items()[0]["id"], names[2].id);
    let page = admin.get("/api/v1/users?q=an&limit=1").await.is(200);
    let next = page.str("next").replace(' ', "%20");
    let second = admin.get(&format!("/api/v1/users?q=an&limit=1&after={next}")).await.is(200);
    assert_ne!(page.items()[0]["id"], second.items()[0]["id"]);
    owner.get("/api/v1/users?q=an").await.problem(403, "forbidden");
}

#[tokio::test]
async fn what_about_an_organization_needs_attention_is_told_to_its_owners() {
    let app = TestApp::start().await;
    let (owner, reader) = (app.person("owner").await, app.person("reader").await);
    let organization = found(&owner, "Ours").await;
    put_member(&owner, &organization, &reader, "READ_ONLY").await.is(200);
    let body = json!({"email": "somebody@example.com", "role": "READ_ONLY"});
    owner.post(&at(&organization, "/invitations"), body).await.is(201);
    let codes = async || {
        let all = owner.get(&at(&organization, "/attention")).await.is(200);
        all.items().iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes().await, ["one_owner", "no_contact", "invitations_waiting"]);
    reader.get(&at(&organization, "/attention")).await.problem(403, "forbidden");
    app.clock.advance_seconds(12 * 86_400);
    put_member(&owner, &organization, &reader, "OWNER").await.is(200);
    owner.patch(&at(&organization, ""), json!({"contact": {"email": "desk@example.com"}})).await.is(200);
    reader.patch("/api/v1/me", json!({"email": "other@example.com"})).await.is(200);
    assert_eq!(codes().await, ["unverified_members", "invitations_ending"]);
    for bad in [
        json!({"url": "javascript:alert(1)"}),
        json!({"url": "https://user:secret@example.com"}),
        json!({"email": "x"}),
        json!({"phone": "1"}),
    ] {
        let refused = owner.patch(&at(&organization, ""), json!({"contact": bad})).await;
        refused.problem(422, "invalid");
    }
}
