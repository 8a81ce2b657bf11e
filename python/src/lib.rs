//! The native part of the Python package `tidewaiter`: the engine over Arrow tables and JSON records.
//!
//! It converts and carries, and nothing else: the lists in force are `current`, records are read by `records`, and the
//! answers are those of the command line and the service. What a Python programmer meets is in `tidewaiter/*.py`.

mod core;
mod errors;
mod guard;
mod mapping;
mod recording;
mod screening;
mod stream;

use pyo3::prelude::*;

/// The native part of `tidewaiter`.
#[pymodule]
fn _tidewaiter(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("COLUMNS_VERSION", records::arrow::VERSION)?;
    errors::add(module)?;
    module.add_class::<core::Core>()?;
    module.add_class::<stream::Stream>()?;
    module.add_function(wrap_pyfunction!(mapping::explain, module)?)?;
    module.add_function(wrap_pyfunction!(mapping::answer_schema, module)?)?;
    module.add_function(wrap_pyfunction!(mapping::rows_to_json, module)?)?;
    module.add_function(wrap_pyfunction!(mapping::fields, module)?)
}
