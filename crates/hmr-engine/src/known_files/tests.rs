//! The short way to a URL is the parser's, or none.

use url::Url;

use super::plain_url;

const PARENTS: [&str; 6] = [
    "file:///a/b/c.js",
    "file:///c.js",
    "file:///a b/c.js",
    "file:///a/b.c/d-e_f.mjs",
    "file:///a/b.js?q",
    "data:text/javascript,",
];

const SPECIFIERS: [&str; 22] = [
    "./x.js",
    "../x.js",
    "../../x.js",
    "../../../x.js",
    "./a/x.js",
    "./a/../x.js",
    "./a/./x.js",
    ".",
    "..",
    "./",
    "../",
    "./..",
    "./a/",
    "./a//x.js",
    "./x.js?a",
    "./x.js#a",
    "./%41.js",
    "./a b.js",
    "./ä.js",
    "./a\\b.js",
    "./~x.js",
    "././x.js",
];

#[test]
fn it_is_the_parsers() {
    let mut plain = 0;
    for parent in PARENTS {
        for specifier in SPECIFIERS {
            let Some(url) = plain_url(specifier, parent) else { continue };
            plain += 1;
            let parsed = Url::parse(parent).and_then(|base| base.join(specifier));
            assert_eq!(parsed.map(String::from).as_ref(), Ok(&url), "{specifier} in {parent}");
        }
    }
    assert!(plain > 10, "{plain}");
}
