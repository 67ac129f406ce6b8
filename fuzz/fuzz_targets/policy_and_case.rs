//! Fuzzes `bodies::policy_and_case`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| caseway_fuzz::bodies::policy_and_case(data));
