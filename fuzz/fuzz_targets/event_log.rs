//! Fuzzes `bodies::event_log`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| caseway_fuzz::bodies::event_log(data));
