#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tidewaiter_fuzz::engine_laws::cells(data));
