//! `tsconfig.json` files: which one holds for a file, and what of it matters at run time.
//!
//! Reading them with `extends` and `references` is left to `oxc_resolver`, which knows TypeScript's rules.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hmr_transform::{Dialect, Jsx};
use oxc_resolver::{ResolveOptions, TsConfig, TsconfigDiscovery};

/// The `tsconfig.json` files of a project, read once until [`Tsconfigs::clear`].
#[derive(Debug)]
pub struct Tsconfigs {
    reader: oxc_resolver::Resolver,
    /// The running V8 has `using`.
    has_using: bool,
}

/// How the specifiers in a file are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extensions {
    /// As Node does: they are written.
    Written,
    /// They may be left out, and so may `index`.
    LeftOut,
    /// They may be left out where TypeScript takes the file for CommonJS.
    LeftOutInCommonJs,
}

impl Tsconfigs {
    pub fn new(has_using: bool) -> Self {
        let options =
            ResolveOptions { tsconfig: Some(TsconfigDiscovery::Auto), ..ResolveOptions::default() };
        Self { reader: oxc_resolver::Resolver::new(options), has_using }
    }

    /// Forgets everything that was read.
    pub fn clear(&self) {
        self.reader.clear_cache();
    }

    /// How the file at `path` is compiled.
    ///
    /// # Errors
    /// What is wrong with a `tsconfig.json` that holds for the file.
    pub fn dialect(&self, path: &Path) -> Result<Dialect, String> {
        let config = self.of(path)?;
        let dialect = config.map_or_else(Dialect::default, |config| dialect(&config));
        Ok(Dialect { using: self.has_using, ..dialect })
    }

    /// Paths that `paths` and `baseUrl` give a specifier in the file at `path`, best first.
    pub fn aliases(&self, specifier: &str, path: &Path) -> Vec<PathBuf> {
        let config = self.of(path).ok().flatten();
        config.map_or_else(Vec::new, |config| config.resolve_path_alias_or_base_url(specifier))
    }

    /// How specifiers in the file at `path` are written.
    pub fn extensions(&self, path: &Path) -> Extensions {
        let Ok(Some(config)) = self.of(path) else { return Extensions::Written };
        let module = config.compiler_options.module.as_deref().unwrap_or_default();
        match module.to_ascii_lowercase().as_str() {
            "node16" | "node18" | "node20" | "nodenext" => Extensions::LeftOutInCommonJs,
            _ => Extensions::LeftOut,
        }
    }

    /// Whether what TypeScript means holds for the JavaScript file at `path`, too.
    pub fn allows_js(&self, path: &Path) -> bool {
        let config = self.of(path).ok().flatten();
        config.is_some_and(|config| {
            let options = &config.compiler_options;
            options.allow_js.or(options.check_js).unwrap_or(false)
        })
    }

    /// The configuration that includes the file, or else the nearest one: a script beside the sources is
    /// meant to run, too.
    fn of(&self, path: &Path) -> Result<Option<Arc<TsConfig>>, String> {
        let found = self.reader.find_tsconfig(path).map_err(|error| error.to_string())?;
        if found.is_some() || path.components().any(|part| part.as_os_str() == "node_modules") {
            return Ok(found);
        }
        let folders = path.ancestors().skip(1).map(|folder| folder.join("tsconfig.json"));
        let Some(nearest) = folders.into_iter().find(|file| file.is_file()) else {
            return Ok(None);
        };
        self.reader.resolve_tsconfig(nearest).map(Some).map_err(|error| error.to_string())
    }
}

fn dialect(config: &TsConfig) -> Dialect {
    let options = &config.compiler_options;
    let preserves = options.preserve_value_imports.unwrap_or(false);
    Dialect {
        verbatim: options.verbatim_module_syntax.unwrap_or(preserves),
        legacy_decorators: options.experimental_decorators.unwrap_or(false),
        decorator_metadata: options.emit_decorator_metadata.unwrap_or(false),
        strict_null_checks: options.strict_null_checks.or(options.strict).unwrap_or(false),
        define_fields: options
            .use_define_for_class_fields
            .unwrap_or_else(|| options.target.as_deref().is_none_or(defines_fields)),
        using: true,
        jsx: jsx(config),
    }
}

/// From ES2022 on fields are ECMAScript's.
fn defines_fields(target: &str) -> bool {
    let target = target.to_ascii_lowercase();
    let year = target.strip_prefix("es").and_then(|year| year.parse::<u32>().ok());
    // `es3`, `es5` and `es6` are no years.
    year.is_none_or(|year| year >= 2022)
}

fn jsx(config: &TsConfig) -> Jsx {
    let options = &config.compiler_options;
    let is_classic = match options.jsx.as_deref() {
        Some(jsx) => jsx.eq_ignore_ascii_case("react"),
        None => options.jsx_factory.is_some(),
    };
    if is_classic {
        return Jsx::Classic {
            factory: options.jsx_factory.clone(),
            fragment: options.jsx_fragment_factory.clone(),
        };
    }
    Jsx::Automatic {
        source: options.jsx_import_source.clone(),
        development: options
            .jsx
            .as_deref()
            .is_some_and(|jsx| jsx.eq_ignore_ascii_case("react-jsxdev")),
    }
}
