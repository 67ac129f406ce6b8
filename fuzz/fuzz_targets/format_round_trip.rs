//! Fuzzes `bodies::format_round_trip`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| caseway_fuzz::bodies::format_round_trip(data));
