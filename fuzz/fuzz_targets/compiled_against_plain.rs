//! Fuzzes `bodies::compiled_against_plain`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| caseway_fuzz::bodies::compiled_against_plain(data));
