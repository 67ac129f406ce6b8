//! The engine that scripts run in: what it offers, what it refuses, and its limits.
//!
//! It starts empty. Texts, whole numbers, lists, maps and the functions on them are added; files,
//! modules, the clock, `sleep`, `print`, `eval` and captured variables are not there. Every limit
//! counts work or size, never time, so that a script ends the same way on every machine.

use crate::value::Decimal;
use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage,
    BasicMathPackage, BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine, EvalAltResult, OptimizationLevel};
use std::cell::Cell;

/// Steps of one call, those of functions that lists call for each element included.
pub(super) const STEPS: u64 = 100_000;
/// How deep functions may call each other.
pub(super) const CALLS: usize = 16;
/// Variables of one call.
pub(super) const VARIABLES: usize = 64;
/// How deep expressions and statements nest.
const DEPTH: usize = 40;
/// Bytes of a text, also of all texts in a list together.
const TEXT: usize = 64 * 1024;
/// Elements of a list, also of lists within each other together.
const LIST: usize = 1_000;
/// Entries of a map, likewise.
const MAP: usize = 100;
/// Functions of one script.
const FUNCTIONS: usize = 500;

/// A new engine with all limits set.
pub(super) fn engine() -> Engine {
    let mut engine = Engine::new_raw();
    ArithmeticPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    BasicFnPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicMathPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);
    engine.register_fn("decimal_units", decimal_units);
    engine.register_fn("decimal_text", decimal_text);
    // A function that holds itself would double with every step.
    for symbol in ["eval", "print", "debug", "import", "export", "curry", "Fn"] {
        engine.disable_symbol(symbol);
    }
    engine.set_optimization_level(OptimizationLevel::None);
    // The engine's own count starts anew in functions called for each element of a list.
    engine.on_progress(|_| take_step().then_some(Dynamic::UNIT));
    engine.set_max_call_levels(CALLS);
    engine.set_max_expr_depths(DEPTH, DEPTH);
    engine.set_max_variables(VARIABLES);
    engine.set_max_functions(FUNCTIONS);
    engine.set_max_string_size(TEXT);
    engine.set_max_array_size(LIST);
    engine.set_max_map_size(MAP);
    engine.set_allow_looping(true);
    engine.set_strict_variables(true);
    engine
}

thread_local! {
    /// Steps taken, and how many there may be.
    static COUNTED: Cell<(u64, u64)> = const { Cell::new((0, STEPS)) };
}

/// Starts counting the steps of a call, at most so many; it runs on this thread from its beginning to its end.
pub(super) fn start_counting(most: u64) {
    COUNTED.set((0, most));
}

/// The steps of the last call on this thread.
pub(super) fn steps_taken() -> u64 {
    COUNTED.get().0
}

/// Counts a step; true when there were too many.
fn take_step() -> bool {
    let (taken, most) = COUNTED.get();
    COUNTED.set((taken + 1, most));
    taken + 1 > most
}

/// Whether an argument is within the limits on sizes.
pub(super) fn fits(value: &Dynamic) -> bool {
    if let Ok(list) = value.as_array_ref() {
        let texts = list
            .iter()
            .map(|item| item.as_immutable_string_ref().map_or(0, |text| text.len()));
        return list.len() <= LIST && texts.sum::<usize>() <= TEXT;
    }
    value
        .as_immutable_string_ref()
        .map_or(true, |text| text.len() <= TEXT)
}

type ScriptResult<T> = Result<T, Box<EvalAltResult>>;

/// `decimal_units("12.50", 2)` is 1250: a decimal in units of its last digit.
fn decimal_units(text: &str, digits: i64) -> ScriptResult<i64> {
    let digits = u8::try_from(digits)
        .ok()
        .filter(|digits| *digits <= crate::value::MAX_SCALE);
    digits
        .and_then(|digits| Decimal::parse(text, digits).ok())
        .and_then(|number| i64::try_from(number.mantissa()).ok())
        .ok_or_else(|| format!("`{text}` is no decimal of so many digits").into())
}

/// `decimal_text(1250, 2)` is `"12.50"`.
fn decimal_text(units: i64, digits: i64) -> ScriptResult<String> {
    let digits = u8::try_from(digits)
        .ok()
        .filter(|digits| *digits <= crate::value::MAX_SCALE);
    digits
        .map(|digits| Decimal::new(i128::from(units), digits).to_string())
        .ok_or_else(|| "a decimal has 0 to 18 digits after its point".into())
}
