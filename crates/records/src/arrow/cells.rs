//! The cells of an Arrow column as text, as a CSV file would have them.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal128Type, Decimal256Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::sync::Arc;

/// Whole numbers up to here are exact in a floating-point number.
const EXACT: f64 = 1e15;

/// What stands between several values of a cell.
const BETWEEN: &str = "; ";

/// A column whose type has no text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "column {column:?} has the type {found}; expected text, a number, a truth value, a date, a time, or a list or dictionary \
     of such"
)]
pub struct UnreadableColumn {
    /// Its name.
    pub column: String,
    /// Its type, as Arrow names it.
    pub found: String,
}

/// Refuses a type that has no text.
pub(super) fn check(column: &str, data_type: &DataType) -> Result<(), UnreadableColumn> {
    if has_text(data_type) {
        return Ok(());
    }
    Err(UnreadableColumn { column: column.to_owned(), found: data_type.to_string() })
}

fn has_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => has_text(values),
        DataType::List(item) | DataType::LargeList(item) => {
            !matches!(item.data_type(), DataType::List(_) | DataType::LargeList(_)) && has_text(item.data_type())
        }
        DataType::Null
        | DataType::Boolean
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(_, _)
        | DataType::Decimal128(_, _)
        | DataType::Decimal256(_, _)
        | DataType::Float32
        | DataType::Float64 => true,
        other => other.is_integer(),
    }
}

/// A column of a batch, ready to give its cells as text.
#[derive(Clone, Debug)]
pub(super) struct Cells {
    /// The values; of a dictionary those of the dictionary.
    values: ArrayRef,
    /// Of a dictionary, for each row where its value stands; `None` where the row has none.
    keys: Option<Vec<Option<usize>>>,
}

impl Cells {
    /// The cells of a column whose type was checked.
    pub(super) fn of(array: &ArrayRef) -> Self {
        let Some(dictionary) = array.as_any_dictionary_opt() else {
            return Self { values: Arc::clone(array), keys: None };
        };
        let known = |(row, key)| array.is_valid(row).then_some(key);
        let keys = dictionary.normalized_keys().into_iter().enumerate().map(known).collect();
        Self { values: Arc::clone(dictionary.values()), keys: Some(keys) }
    }

    /// A cell as text; nothing where it is null. Whole numbers have no point and dates are `YYYY-MM-DD`, as in a workbook;
    /// of a time the day in UTC is read; the values of a list stand between semicolons.
    pub(super) fn text(&self, row: usize) -> Cow<'_, str> {
        match &self.keys {
            None => text(&self.values, row),
            Some(keys) => keys[row].map_or(Cow::Borrowed(""), |key| text(&self.values, key)),
        }
    }
}

fn text(array: &ArrayRef, row: usize) -> Cow<'_, str> {
    if array.is_null(row) {
        return Cow::Borrowed("");
    }
    match array.data_type() {
        DataType::Utf8 => Cow::Borrowed(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => Cow::Borrowed(array.as_string::<i64>().value(row)),
        DataType::Utf8View => Cow::Borrowed(array.as_string_view().value(row)),
        DataType::List(_) => joined(&array.as_list::<i32>().value(row)),
        DataType::LargeList(_) => joined(&array.as_list::<i64>().value(row)),
        DataType::Boolean => Cow::Borrowed(if array.as_boolean().value(row) { "yes" } else { "no" }),
        DataType::Float32 => number(f64::from(array.as_primitive::<Float32Type>().value(row))),
        DataType::Float64 => number(array.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal128(_, _) => Cow::Owned(array.as_primitive::<Decimal128Type>().value_as_string(row)),
        DataType::Decimal256(_, _) => Cow::Owned(array.as_primitive::<Decimal256Type>().value_as_string(row)),
        DataType::Date32 => day(i64::from(array.as_primitive::<Date32Type>().value(row)).checked_mul(DAY)),
        DataType::Date64 => day(Some(array.as_primitive::<Date64Type>().value(row).div_euclid(1000))),
        DataType::Timestamp(unit, _) => day(Some(seconds(array, *unit, row))),
        DataType::Int8 => Cow::Owned(array.as_primitive::<Int8Type>().value(row).to_string()),
        DataType::Int16 => Cow::Owned(array.as_primitive::<Int16Type>().value(row).to_string()),
        DataType::Int32 => Cow::Owned(array.as_primitive::<Int32Type>().value(row).to_string()),
        DataType::Int64 => Cow::Owned(array.as_primitive::<Int64Type>().value(row).to_string()),
        DataType::UInt8 => Cow::Owned(array.as_primitive::<UInt8Type>().value(row).to_string()),
        DataType::UInt16 => Cow::Owned(array.as_primitive::<UInt16Type>().value(row).to_string()),
        DataType::UInt32 => Cow::Owned(array.as_primitive::<UInt32Type>().value(row).to_string()),
        DataType::UInt64 => Cow::Owned(array.as_primitive::<UInt64Type>().value(row).to_string()),
        // A type that [`check`] lets through has an arm of its own; a list of dictionaries comes here.
        DataType::Dictionary(_, _) => Cow::Owned(Cells::of(array).text(row).into_owned()),
        other => unreachable!("`check` refuses {other}"),
    }
}

/// Seconds of a day.
const DAY: i64 = 86_400;

fn seconds(array: &ArrayRef, unit: TimeUnit, row: usize) -> i64 {
    match unit {
        TimeUnit::Second => array.as_primitive::<TimestampSecondType>().value(row),
        TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().value(row).div_euclid(1_000),
        TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().value(row).div_euclid(1_000_000),
        TimeUnit::Nanosecond => array.as_primitive::<TimestampNanosecondType>().value(row).div_euclid(1_000_000_000),
    }
}

/// The day in UTC; a number of seconds beyond the calendar is given as it is, so that it is named as unreadable.
fn day(seconds: Option<i64>) -> Cow<'static, str> {
    let Some(seconds) = seconds else { return Cow::Borrowed("a day beyond the calendar") };
    match Timestamp::from_second(seconds) {
        Ok(time) => Cow::Owned(time.to_zoned(TimeZone::UTC).date().to_string()),
        Err(_) => Cow::Owned(format!("{seconds} seconds from 1970")),
    }
}

fn joined(values: &ArrayRef) -> Cow<'static, str> {
    let values: Vec<_> = (0..values.len()).map(|at| text(values, at)).filter(|v| !v.is_empty()).collect();
    Cow::Owned(values.join(BETWEEN))
}

fn number(number: f64) -> Cow<'static, str> {
    if number.is_nan() {
        return Cow::Borrowed("");
    }
    if number.fract() == 0.0 && number.abs() < EXACT {
        return Cow::Owned(format!("{number:.0}"));
    }
    Cow::Owned(number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{
        BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int64Array, ListArray, StringArray,
        StringViewArray, TimestampMicrosecondArray,
    };

    fn texts(array: ArrayRef) -> Vec<String> {
        check("c", array.data_type()).unwrap();
        let cells = Cells::of(&array);
        (0..array.len()).map(|row| cells.text(row).into_owned()).collect()
    }

    #[test]
    fn cells_read_as_a_csv_file_has_them() {
        assert_eq!(texts(Arc::new(StringArray::from(vec![Some("DJI"), None]))), ["DJI", ""]);
        assert_eq!(
            texts(Arc::new(StringViewArray::from(vec!["a text longer than twelve"]))),
            ["a text longer than twelve"]
        );
        let floats = Float64Array::from(vec![852_589.0, 1.5, f64::NAN, 1e300]);
        assert_eq!(texts(Arc::new(floats))[..3], ["852589", "1.5", ""]);
        assert_eq!(texts(Arc::new(Int64Array::from(vec![-3]))), ["-3"]);
        assert_eq!(texts(Arc::new(BooleanArray::from(vec![true, false]))), ["yes", "no"]);
        let decimal = Decimal128Array::from(vec![123_450]).with_precision_and_scale(10, 2).unwrap();
        assert_eq!(texts(Arc::new(decimal)), ["1234.50"]);
        assert_eq!(texts(Arc::new(Date32Array::from(vec![20_615]))), ["2026-06-11"]);
        let last_microsecond_of_a_day = TimestampMicrosecondArray::from(vec![-1]);
        assert_eq!(texts(Arc::new(last_microsecond_of_a_day)), ["1969-12-31"]);
        let words: DictionaryArray<Int32Type> = vec![Some("RU"), None, Some("CN"), Some("RU")].into_iter().collect();
        assert_eq!(texts(Arc::new(words)), ["RU", "", "CN", "RU"]);
        let countries = vec![Some(vec![Some(1), None, Some(2)]), None];
        let lists = ListArray::from_iter_primitive::<Int32Type, _, _>(countries);
        assert_eq!(texts(Arc::new(lists)), ["1; 2", ""]);
    }

    #[test]
    fn a_type_without_text_is_named() {
        let error = check("blob", &DataType::Binary).unwrap_err().to_string();
        assert!(error.starts_with("column \"blob\" has the type Binary; expected text"), "{error}");
    }
}
