//! Fuzzes `bodies::mapping_and_csv`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| caseway_fuzz::bodies::mapping_and_csv(data));
