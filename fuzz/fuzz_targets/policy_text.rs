//! Fuzzes `bodies::policy_text`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| caseway_fuzz::bodies::policy_text(data));
