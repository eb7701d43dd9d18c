//! Puts the program's functions in an order in which those that resemble each other stand side by side.
//!
//! A compressor knows best what it has just seen: the order of the linker costs 10 KB more over the
//! wire. Nobody sees the difference but by the numbers of functions, which are nobody's promise. Knows
//! nothing of what a function does.

use std::convert::Infallible;

use wasm_encoder::{
    CodeSection, FunctionSection, Module,
    reencode::{Error, Reencode},
};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload,
    TypeRef,
};

/// Bytes in a row that count as one thing that two functions have in common.
const RUN: usize = 5;

/// What more functions than this have in common tells nothing about two of them.
const COMMON: usize = 512;

/// What every function has beside its bytes, so that the shortest do not resemble everything.
const FRAME: u64 = 120;

/// The same program, its functions ordered, without the sections that only tools read.
pub(crate) fn by_likeness(wasm: &[u8]) -> Result<Vec<u8>, String> {
    let told = |it: wasmparser::BinaryReaderError| it.to_string();
    let mut imported = 0;
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.map_err(told)? {
            Payload::ImportSection(them) => {
                for it in them.into_imports() {
                    imported += u32::from(matches!(it.map_err(told)?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(it) => bodies.push(it.as_bytes()),
            _ => {}
        }
    }
    let order = chain(&bodies);
    let mut places = vec![0; order.len()];
    for (place, &function) in (0..).zip(&order) {
        places[function] = place;
    }
    let mut module = Module::new();
    Ordered { imported, order, places }
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .map_err(|it| it.to_string())?;
    Ok(module.finish())
}

/// The numbers of `bodies`, each after what it has most in common with: the one before counts most, the
/// one before that half as much, and so on.
fn chain(bodies: &[&[u8]]) -> Vec<usize> {
    let mut runs: Vec<(&[u8], usize)> = (0..)
        .zip(bodies)
        .flat_map(|(function, body)| body.windows(RUN).map(move |run| (run, function)))
        .collect();
    runs.sort_unstable();
    runs.dedup();
    // Functions with a run in common, and of each function in which of these groups it is.
    let groups: Vec<&[(&[u8], usize)]> =
        runs.chunk_by(|a, b| a.0 == b.0).filter(|it| it.len() <= COMMON).collect();
    let mut member = vec![Vec::new(); bodies.len()];
    for (number, group) in groups.iter().enumerate() {
        group.iter().for_each(|(_, function)| member[*function].push(number));
    }
    let mut shared = vec![0_u64; bodies.len()];
    let mut left: Vec<usize> = (0..bodies.len()).collect();
    let mut order = Vec::with_capacity(bodies.len());
    // Of equals the first, so that everyone builds the same bytes.
    while let Some(at) = (0..left.len()).rev().max_by_key(|&at| {
        let function = left[at];
        (shared[function] << 8) / (bodies[function].len() as u64 + FRAME)
    }) {
        let function = left.remove(at);
        order.push(function);
        shared.iter_mut().for_each(|it| *it /= 2);
        for (_, other) in member[function].iter().flat_map(|it| groups[*it]) {
            shared[*other] += 1 << 16;
        }
    }
    order
}

/// Writes a program with its functions in `order`; `places` says where each of them is in it. Those that
/// are imported come first and stay.
struct Ordered {
    imported: u32,
    order: Vec<usize>,
    places: Vec<u32>,
}

impl Reencode for Ordered {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
        let own = index.checked_sub(self.imported).and_then(|it| self.places.get(it as usize));
        Ok(own.map_or(index, |place| self.imported + place))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let types: Vec<u32> = section.into_iter().collect::<Result<_, _>>()?;
        for function in &self.order {
            functions.function(types[*function]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let bodies: Vec<FunctionBody<'_>> = section.into_iter().collect::<Result<_, _>>()?;
        for function in self.order.clone() {
            self.parse_function_body(code, bodies[function].clone())?;
        }
        Ok(())
    }

    fn parse_custom_section(
        &mut self,
        _: &mut Module,
        _: CustomSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        EntityType, ExportKind, ExportSection, Function, ImportSection, TypeSection,
    };

    use super::*;

    /// An imported function and three of its own, the last exported; the second resembles the fourth.
    fn program() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        types.ty().function([], [wasm_encoder::ValType::I32]);
        let mut imports = ImportSection::new();
        imports.import("host", "tell", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        [1, 0, 1].into_iter().for_each(|it| {
            functions.function(it);
        });
        let mut exports = ExportSection::new();
        exports.export("last", ExportKind::Func, 3);
        let mut code = CodeSection::new();
        let mut constant = Function::new([]);
        constant.instructions().i32_const(0x1234_5678).end();
        code.function(&constant);
        let mut caller = Function::new([]);
        caller.instructions().call(0).call(1).drop().call(2).end();
        code.function(&caller);
        code.function(&constant);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports);
        module.section(&code);
        module.finish()
    }

    #[test]
    fn likes_stand_together_and_numbers_follow() {
        let ordered = by_likeness(&program()).unwrap();
        let mut calls = Vec::new();
        let mut exported = Vec::new();
        for payload in Parser::new(0).parse_all(&ordered) {
            match payload.unwrap() {
                Payload::ExportSection(them) => {
                    exported.extend(them.into_iter().map(|it| it.unwrap().index));
                }
                Payload::CodeSectionEntry(it) => {
                    let operators = it.get_operators_reader().unwrap();
                    calls.push(
                        operators
                            .into_iter()
                            .filter_map(|it| match it.unwrap() {
                                wasmparser::Operator::Call { function_index } => {
                                    Some(function_index)
                                }
                                _ => None,
                            })
                            .collect::<Vec<_>>(),
                    );
                }
                _ => {}
            }
        }
        // The two that are alike are now 1 and 2, and the caller, that called itself as 2, is 3.
        assert_eq!((calls, exported), (vec![vec![], vec![], vec![0, 1, 3]], vec![2]));
    }
}
