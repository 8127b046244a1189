//! The JSON that crosses to the runtime: field by field what `runtime/lib/native.d.ts` says.

use hmr_engine::{Options, Request};
use serde_json::{Value, json};

use crate::project::Project;

/// The plan of `load a.js` without its times, with `ROOT` for the folder's URL.
fn plan(files: &str) -> Value {
    let mut project = Project::new(files);
    let answer = project.prepare("load a.js");
    let text = serde_json::to_string(&answer.plan).expect("JSON");
    let mut plan: Value =
        serde_json::from_str(&text.replace(&project.root(), "ROOT")).expect("JSON");
    let times = plan["times"].take();
    assert!(times["load"].is_u64() && times["link"].is_u64(), "{times}");
    plan
}

#[test]
fn a_module() {
    let plan = plan("a.js: import { join } from 'fs'; export default () => join(import.meta.url)");
    assert_eq!(plan["transaction"], 1);
    assert_eq!(
        plan["steps"],
        json!([
            { "id": 1, "again": false, "isAsync": false, "dependencies": [] },
            { "id": 0, "again": false, "isAsync": false, "dependencies": [1] },
        ])
    );
    let modules = plan["modules"].as_array().expect("modules");
    assert_eq!(
        modules[1],
        json!({
            "id": 0, "url": "file://ROOT/a.js", "kind": "module", "code": 0, "version": modules[1]["version"],
            "evals": null, "meta": true, "mentionsHot": false, "awaits": false, "cycle": null, "exports": ["default"],
            "nameDefault": null, "bindings": [[1, "join"]], "live": [],
            "pushed": [],
        })
    );
    assert_eq!(
        modules[0],
        json!({
            "id": 1, "url": "node:fs", "kind": "external", "specifier": "node:fs", "parent": null,
            "attributes": [], "tried": [], "commonJs": false,
        })
    );
    assert_eq!(
        plan["checks"],
        json!([{
            "importer": 0, "request": 0, "asked": "join", "external": 1, "url": "node:fs",
            "attributes": [], "name": "join", "commonJs": false, "commonJsOfRoot": false,
        }])
    );
    assert_eq!(plan["doubt"], false);
    for empty in ["failures", "rebind", "stale", "retried", "changed", "leftBehind"] {
        assert_eq!(plan[empty], json!([]), "{empty}");
    }
}

#[test]
fn what_is_left_to_node() {
    let plan = plan("a.js: import './none.js' with { type: 'x' }");
    assert_eq!(
        plan["modules"][0],
        json!({
            "id": 1, "url": "./none.js", "kind": "external", "specifier": "./none.js",
            "parent": "file://ROOT/a.js", "attributes": [["type", "x"]], "tried": ["ROOT/none.js"],
            "commonJs": false,
        })
    );
}

#[test]
fn json_targets_and_stars() {
    let plan = plan(
        "a.js: import d from './d.json' with { type: 'json' }; import * as b from './b.js'; import { x } from './b.js'
         b.js: export * from 'fs'; export * from 'fs/promises'\nd.json: 1",
    );
    let modules = plan["modules"].as_array().expect("modules");
    let id = |kind: &str, end: &str| {
        let is = |module: &&Value| {
            module["kind"] == kind && module["url"].as_str().is_some_and(|url| url.ends_with(end))
        };
        let found = modules.iter().find(is);
        found.unwrap_or_else(|| panic!("{kind} {end}: {plan}"))["id"].clone()
    };
    let (d, b) = (id("json", "d.json"), id("module", "b.js"));
    let stars = json!([[id("external", "node:fs"), "x"], [id("external", "promises"), "x"]]);
    let a = modules.iter().find(|module| module["url"] == "file://ROOT/a.js").expect("a.js");
    assert_eq!(a["bindings"], json!([[d, 0], [b], { "stars": stars }]));
}

#[test]
fn a_failure() {
    let plan = plan("a.js: +");
    let failure = &plan["failures"][0];
    assert_eq!(failure["kind"], "syntax");
    assert_eq!(failure["file"], "ROOT/a.js");
    assert_eq!((&failure["line"], &failure["column"]), (&json!(1), &json!(2)));
    assert!(failure["message"].is_string() && failure["frame"].is_string(), "{failure}");
    assert!(failure["help"].is_null() || failure["help"].is_string(), "{failure}");
    assert!(failure.get("specifier").is_none(), "{failure}");
    assert_eq!(plan["transaction"], 0);
}

#[test]
fn a_namespace() {
    let mut project = Project::new("a.js: export * from 'fs'; export let x");
    project.run("load a.js");
    let (a, fs) = (project.id("a.js"), project.id("node:fs"));
    let json = serde_json::to_value(project.session.namespace(a)).expect("JSON");
    let expected = json!({ "names": [["x", [a, 0]]], "stars": [{ "id": fs, "url": "node:fs" }], "contested": [], "excluded": [], "live": false, "early": false });
    assert_eq!(json, expected);
}

#[test]
fn requests_and_options() {
    let request: Request = serde_json::from_str("{}").expect("all fields may be absent");
    assert!(request.paths.is_empty() && request.import.is_none());
    let request: Request = serde_json::from_value(json!({
        "paths": ["/a"], "removed": ["/a"], "entries": [1], "forced": [1],
        "import": { "specifier": "./b.js", "parent": "file:///a.js", "importer": 1,
                    "attributes": [["type", "json"]], "entry": true },
    }))
    .expect("a request");
    let import = request.import.expect("an import");
    assert_eq!(import.attributes, [("type".to_owned(), "json".to_owned())]);
    assert!(import.entry && import.importer == Some(1));
    let short = json!({ "import": { "specifier": "./b.js", "parent": "file:///a.js" } });
    let request: Request = serde_json::from_value(short).expect("a request");
    assert!(request.import.is_some_and(|import| !import.entry && import.importer.is_none()));
    let options: Options = serde_json::from_value(json!({
        "conditions": ["node"], "builtins": ["fs"], "preserveSymlinks": true,
        "ownFolder": "/own", "include": ["a"], "exclude": ["b"],
    }))
    .expect("options");
    assert!(options.preserve_symlinks && options.own_folder.ends_with("own"));
}
