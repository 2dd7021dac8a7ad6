//! Functions that resemble each other, side by side. A generic function is in a module once for each type that it is used with;
//! gzip finds such a likeness only within the last 32 KB, and a binding library that sorts functions by their length puts
//! hundreds between them. In a better order a page's module is a twenty-fifth smaller for its visitors.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;

use anyhow::{Context as _, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser, Payload};

/// Functions are alike by the runs of so many bytes that they share.
const RUN: usize = 6;
/// A run in more functions than these says nothing.
const MOST_WITH_RUN: usize = 100;
/// How far back likeness counts: what gzip still sees, less the function itself.
const WINDOW_BYTES: usize = 31_000;
/// Added to the length of a function when its share is taken: short ones are alike by chance.
const MORE_BYTES: usize = 100;

/// The same module with its functions in another order.
///
/// # Errors
/// When these are not the bytes of a module.
pub(crate) fn alike_together(module: &[u8]) -> Result<Vec<u8>> {
    let (mut n_imported, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload.context("this is not a WebAssembly module")? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    n_imported += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    let order = order(&bodies);
    let mut place = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old] = new as u32;
    }
    let mut reordered = Module::new();
    Reordering { n_imported, order, place }.parse_core_module(&mut reordered, Parser::new(0), module)?;
    Ok(reordered.finish())
}

struct Reordering {
    n_imported: u32,
    /// The old place of the function at each new place.
    order: Vec<usize>,
    /// The new place of the function at each old place.
    place: Vec<u32>,
}

impl Reencode for Reordering {
    type Error = Infallible;

    fn function_index(&mut self, old: u32) -> Result<u32, Error<Infallible>> {
        let own = old.checked_sub(self.n_imported);
        Ok(own.map_or(old, |own| self.n_imported + self.place[own as usize]))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for i in 0..self.order.len() {
            let of_type = self.type_index(types[self.order[i]])?;
            functions.function(of_type);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for i in 0..self.order.len() {
            self.parse_function_body(code, bodies[self.order[i]].clone())?;
        }
        Ok(())
    }
}

/// The longest first, then always the one of which the greatest share is in the functions before it.
fn order(bodies: &[&[u8]]) -> Vec<usize> {
    let runs = runs(bodies);
    let n_runs = runs.iter().flatten().max().map_or(0, |most| most + 1);
    let mut functions_with = vec![Vec::new(); n_runs];
    for (function, runs) in runs.iter().enumerate() {
        runs.iter().for_each(|&run| functions_with[run].push(function));
    }

    let mut left: Vec<usize> = (0..bodies.len()).collect();
    left.sort_by_key(|&function| std::cmp::Reverse(bodies[function].len()));
    let (mut in_window, mut shared) = (vec![0_u32; n_runs], vec![0_u32; bodies.len()]);
    let (mut window, mut window_bytes) = (VecDeque::new(), 0);
    let mut order = Vec::with_capacity(bodies.len());
    while !left.is_empty() {
        let mut best = (0, 0.0);
        for (at, &function) in left.iter().enumerate() {
            let share = f64::from(shared[function]) / (bodies[function].len() + MORE_BYTES) as f64;
            if share > best.1 {
                best = (at, share);
            }
        }
        let next = left.remove(best.0);
        order.push(next);
        window.push_back(next);
        window_bytes += bodies[next].len();
        for &run in &runs[next] {
            in_window[run] += 1;
            if in_window[run] == 1 {
                functions_with[run].iter().for_each(|&function| shared[function] += 1);
            }
        }
        while window_bytes > WINDOW_BYTES && window.len() > 1 {
            let Some(gone) = window.pop_front() else { break };
            window_bytes -= bodies[gone].len();
            for &run in &runs[gone] {
                in_window[run] -= 1;
                if in_window[run] == 0 {
                    functions_with[run].iter().for_each(|&function| shared[function] -= 1);
                }
            }
        }
    }
    order
}

/// For each function the numbers of the runs that it shares with others.
fn runs(bodies: &[&[u8]]) -> Vec<Vec<usize>> {
    // In how many functions a run is, and the last of them, so that each counts once.
    let mut n_with: HashMap<&[u8], (usize, usize)> = HashMap::new();
    for (function, body) in bodies.iter().enumerate() {
        for run in body.windows(RUN) {
            let (n, last) = n_with.entry(run).or_insert((0, usize::MAX));
            *n += usize::from(*last != function);
            *last = function;
        }
    }
    let mut numbers: HashMap<&[u8], usize> = HashMap::new();
    let mut all = Vec::with_capacity(bodies.len());
    for body in bodies {
        let mut of_body = Vec::new();
        for run in body.windows(RUN).filter(|run| (2..=MOST_WITH_RUN).contains(&n_with[run].0)) {
            let next = numbers.len();
            of_body.push(*numbers.entry(run).or_insert(next));
        }
        of_body.sort_unstable();
        of_body.dedup();
        all.push(of_body);
    }
    all
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function, ImportSection, RefType,
        TableSection, TableType, TypeSection, ValType,
    };

    use super::*;

    #[test]
    fn the_like_stand_together() {
        let (a, b) = (vec![1_u8; 40], (0..50).collect::<Vec<u8>>());
        let (like_a, like_b) = ([&a[..], &[7, 8]].concat(), [&b[..30], &[9, 9]].concat());
        assert_eq!(order(&[&a, &b, &like_b, &like_a]), [1, 2, 3, 0]);
        assert_eq!(order(&[]), [0; 0]);
    }

    /// One import; three functions of two types, of which the second calls the first and the import; a table and an export.
    fn module() -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I32]);
        types.ty().function([ValType::I32], [ValType::I32]);
        module.section(&types);
        let mut imports = ImportSection::new();
        imports.import("m", "f", EntityType::Function(0));
        module.section(&imports);
        let mut functions = FunctionSection::new();
        functions.function(0).function(1).function(0);
        module.section(&functions);
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            minimum: 1,
            maximum: None,
            table64: false,
            shared: false,
        });
        module.section(&tables);
        let mut exports = ExportSection::new();
        exports.export("long", ExportKind::Func, 2);
        module.section(&exports);
        let mut elements = ElementSection::new();
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions([3][..].into()));
        module.section(&elements);
        let mut code = CodeSection::new();
        let body = |write: &dyn Fn(&mut wasm_encoder::InstructionSink<'_>)| {
            let mut function = Function::new([]);
            write(&mut function.instructions());
            function
        };
        code.function(&body(&|sink| {
            sink.i32_const(1).end();
        }));
        code.function(&body(&|sink| {
            sink.call(1).call(0).i32_add().local_get(0).i32_add().end();
        }));
        code.function(&body(&|sink| {
            sink.i32_const(3).end();
        }));
        module.section(&code);
        module.finish()
    }

    #[test]
    fn a_module_stays_valid_and_means_the_same() {
        let reordered = alike_together(&module()).unwrap();
        assert!(wasmparser::validate(&reordered).is_ok());
        let mut export = None;
        let mut in_table = None;
        let mut constants = Vec::new();
        for payload in Parser::new(0).parse_all(&reordered) {
            match payload.unwrap() {
                Payload::ExportSection(exports) => export = exports.into_iter().next().map(|e| e.unwrap().index),
                Payload::ElementSection(elements) => {
                    if let wasmparser::ElementItems::Functions(f) = elements.into_iter().next().unwrap().unwrap().items
                    {
                        in_table = f.into_iter().next().map(Result::unwrap);
                    }
                }
                Payload::CodeSectionEntry(body) => constants.push(body.as_bytes().to_vec()),
                _ => {}
            }
        }
        // The longest is the first now, behind the import; it still calls the one that gives 1, and then the import.
        assert_eq!(export, Some(1));
        let gives = |index: u32| constants[index as usize - 1][2];
        assert_eq!(in_table.map(gives), Some(3));
        let callee = u32::from(constants[0][2]);
        assert_eq!((gives(callee), constants[0][4]), (1, 0));
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(alike_together(b"no module").unwrap_err().to_string().contains("not a WebAssembly module"));
    }
}
