//! Compiling what is more than types, with oxc's transformer, and printing the result.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_codegen::{Codegen, CodegenOptions, CodegenReturn, CommentOptions};
use oxc_semantic::Scoping;
use oxc_transformer::{
    ClassPropertiesOptions, CompilerAssumptions, DecoratorOptions, EnvOptions, HelperLoaderMode,
    HelperLoaderOptions, JsxOptions, JsxRuntime, TransformOptions, Transformer, TypeScriptOptions,
};

use super::origins::{Origin, Origins};
use super::{Dialect, Jsx, elide, metadata, refuse};
use crate::diagnostic::Diagnostic;

/// The package that helpers are imported from, as `<package>/helpers/<name>`.
pub const HELPERS: &str = "node-esm-hmr";

pub(super) fn transformed<'a>(
    allocator: &'a Allocator,
    source: &'a str,
    program: &mut Program<'a>,
    scoping: Scoping,
    dialect: &Dialect,
) -> Result<(String, Origins), Vec<Diagnostic>> {
    let types = elide::types(program, &scoping, dialect);
    let options = options(dialect);
    let made =
        Transformer::new(allocator, Path::new(""), &options).build_with_scoping(scoping, program);
    refuse(source, false, &made.diagnostics.errors().collect::<Vec<_>>())?;
    let (text, origins) = printed(program);
    Ok(metadata::softened(text, origins, &types))
}

fn printed(program: &Program) -> (String, Origins) {
    let options = CodegenOptions {
        source_map_path: Some(PathBuf::from("file")),
        // So that an edit of comments leaves the text as it is.
        comments: CommentOptions::disabled(),
        ..CodegenOptions::default()
    };
    let CodegenReturn { code, map, .. } = Codegen::new().with_options(options).build(program);
    let origins = map.iter().flat_map(|map| map.get_tokens()).filter_map(|token| {
        token.get_source_id()?;
        Some(Origin {
            line: token.get_dst_line(),
            column: token.get_dst_col(),
            from_line: token.get_src_line(),
            from_column: token.get_src_col(),
        })
    });
    let origins = Origins::new(origins.collect());
    (code, origins)
}

fn options(dialect: &Dialect) -> TransformOptions {
    let assigns = !dialect.define_fields;
    let mut env = EnvOptions::default();
    env.es2022.class_properties = assigns.then_some(ClassPropertiesOptions { loose: true });
    env.es2026.explicit_resource_management = !dialect.using;
    let mut typescript = TypeScriptOptions {
        only_remove_type_imports: dialect.verbatim,
        remove_class_fields_without_initializer: assigns,
        ..TypeScriptOptions::default()
    };
    if let Jsx::Classic { factory, fragment } = &dialect.jsx {
        let named = |name: &String| Cow::Owned(name.clone());
        typescript.jsx_pragma = factory.as_ref().map_or(typescript.jsx_pragma, named);
        typescript.jsx_pragma_frag = fragment.as_ref().map_or(typescript.jsx_pragma_frag, named);
    }
    TransformOptions {
        typescript,
        decorator: DecoratorOptions {
            legacy: dialect.legacy_decorators,
            emit_decorator_metadata: dialect.decorator_metadata,
            strict_null_checks: dialect.strict_null_checks,
        },
        jsx: jsx_options(&dialect.jsx),
        assumptions: CompilerAssumptions {
            set_public_class_fields: assigns,
            ..CompilerAssumptions::default()
        },
        env,
        helper_loader: HelperLoaderOptions {
            module_name: Cow::Borrowed(HELPERS),
            mode: HelperLoaderMode::Runtime,
        },
        ..TransformOptions::default()
    }
}

fn jsx_options(jsx: &Jsx) -> JsxOptions {
    let plain = JsxOptions {
        display_name_plugin: false,
        pure: false,
        throw_if_namespace: false,
        ..JsxOptions::enable()
    };
    match jsx {
        Jsx::Automatic { source, development } => {
            let mut options = JsxOptions {
                runtime: JsxRuntime::Automatic,
                import_source: source.clone(),
                development: *development,
                ..plain
            };
            options.conform();
            options
        }
        Jsx::Classic { factory, fragment } => JsxOptions {
            runtime: JsxRuntime::Classic,
            pragma: factory.clone(),
            pragma_frag: fragment.clone(),
            ..plain
        },
    }
}
