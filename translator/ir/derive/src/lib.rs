//! `#[derive(Operands)]`: visits every expression handle that a variant of an IR enum holds.
//!
//! A field is an operand if its type is `ExprId`, `Option<ExprId>`, `Vec<ExprId>` or `[ExprId; N]`. All other fields are
//! data. The derive makes
//!
//! * `fn operands(&self, visit: impl FnMut(ExprId))`, in the order of the fields, and
//! * `fn operands_mut(&mut self, visit: impl FnMut(&mut ExprId))`,
//! * `fn try_operands_mut(&mut self, visit: impl FnMut(&mut ExprId) -> Result<(), E>) -> Result<(), E>`, which stops at the first error.
//!
//! A new variant is therefore visited by every pass without a line of code.

use proc_macro::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Fields, GenericArgument, Ident, PathArguments, Type, parse_macro_input};

enum Shape {
    One,
    Many,
}

#[proc_macro_derive(Operands)]
pub fn derive_operands(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let Data::Enum(data) = &input.data else {
        return syn::Error::new_spanned(&input.ident, "Operands is for enums").to_compile_error().into();
    };
    let name = &input.ident;
    let (mut shared, mut mutable, mut fallible) = (Vec::new(), Vec::new(), Vec::new());
    for variant in &data.variants {
        let case = &variant.ident;
        let fields = operand_fields(&variant.fields);
        let pattern = fields.iter().map(|(member, binding, _)| quote!(#member: #binding));
        let pattern = quote!(#name::#case { #(#pattern,)* .. });
        let visits = fields.iter().map(|(_, binding, shape)| match shape {
            Shape::One => quote!(visit(*#binding);),
            Shape::Many => quote!(for operand in #binding.iter() { visit(*operand); }),
        });
        let changes = fields.iter().map(|(_, binding, shape)| match shape {
            Shape::One => quote!(visit(#binding);),
            Shape::Many => quote!(for operand in #binding.iter_mut() { visit(operand); }),
        });
        let tries = fields.iter().map(|(_, binding, shape)| match shape {
            Shape::One => quote!(visit(#binding)?;),
            Shape::Many => quote!(for operand in #binding.iter_mut() { visit(operand)?; }),
        });
        shared.push(quote!(#pattern => { #(#visits)* }));
        fallible.push(quote!(#pattern => { #(#tries)* }));
        mutable.push(quote!(#pattern => { #(#changes)* }));
    }
    quote! {
        impl #name {
            /// Calls `visit` with each operand, in the order of the fields.
            #[allow(unused_mut, unused_variables)]
            pub fn operands(&self, mut visit: impl FnMut(ExprId)) {
                match self { #(#shared)* }
            }

            /// Calls `visit` with each operand in place, in the order of the fields.
            #[allow(unused_mut, unused_variables)]
            pub fn operands_mut(&mut self, mut visit: impl FnMut(&mut ExprId)) {
                match self { #(#mutable)* }
            }

            /// Calls `visit` with each operand in place, in the order of the fields, up to the first error.
            #[allow(unused_mut, unused_variables)]
            pub fn try_operands_mut<E>(&mut self, mut visit: impl FnMut(&mut ExprId) -> Result<(), E>) -> Result<(), E> {
                match self { #(#fallible)* }
                Ok(())
            }
        }
    }
    .into()
}

fn operand_fields(fields: &Fields) -> Vec<(syn::Member, Ident, Shape)> {
    let members = fields.members();
    members
        .zip(fields)
        .enumerate()
        .filter_map(|(index, (member, field))| Some((member, format_ident!("operand_{index}"), shape(&field.ty)?)))
        .collect()
}

fn shape(ty: &Type) -> Option<Shape> {
    match ty {
        Type::Array(array) => is_expr_id(&array.elem).then_some(Shape::Many),
        Type::Path(_) if is_expr_id(ty) => Some(Shape::One),
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
            let GenericArgument::Type(inner) = arguments.args.first()? else { return None };
            (["Option", "Vec"].iter().any(|name| last.ident == name) && is_expr_id(inner)).then_some(Shape::Many)
        }
        _ => None,
    }
}

fn is_expr_id(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("ExprId"))
}
