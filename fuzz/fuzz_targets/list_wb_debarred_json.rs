#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tidewaiter_fuzz::list_laws::read(lists::Format::WorldBankJson, data));
