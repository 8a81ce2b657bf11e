#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tidewaiter_fuzz::lists::read(tidewaiter::list::Format::OfacAdvancedXml, data));
