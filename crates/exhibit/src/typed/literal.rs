//! One number in digits, with whatever stands between its thousands and before its decimals.

use super::fault::Fault;
use crate::number::number_from_text;

/// How a single point is read that three digits follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    /// As the decimal point: the page writes its numbers so.
    Decimal,
    /// As the decimal point or between thousands, as in 2.000, where a whole number is expected.
    Unclear,
}

/// A number that was found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Literal {
    /// In digits with a decimal point, if any.
    pub(super) text: String,
    /// Where the text goes on.
    pub(super) end: usize,
}

/// Digits, and what stands before them.
struct Group {
    sign: char,
    digits: String,
}

/// The number that starts here, `None` where none does.
///
/// A point is the decimal point, and so is a comma, but where three digits follow one to three (1,234), which is thousands
/// elsewhere. Both together tell which is which. Several of a kind, and spaces, apostrophes and underscores, stand between
/// thousands.
///
/// # Errors
/// [`Fault::TwoReadings`], [`Fault::Groups`].
pub(super) fn literal(chars: &[char], start: usize, point: Point) -> Result<Option<Literal>, Fault> {
    let (groups, end) = groups(chars, start);
    if groups.iter().all(|group| group.digits.is_empty()) {
        return Ok(None);
    }
    let written = || chars[start..end].iter().take(40).collect::<String>().trim_end_matches(['.', ',']).to_owned();
    let (whole, decimals) = groups.split_at(decimals_at(&groups).unwrap_or(groups.len()));
    if !is_grouped(whole) || !are_decimals(decimals) {
        return Err(Fault::Groups { text: written() });
    }
    let joined = |groups: &[Group]| groups.iter().map(|group| group.digits.as_str()).collect::<String>();
    let (whole_digits, decimal_digits) = (joined(whole), joined(decimals));
    let text = match decimals {
        [] => whole_digits.clone(),
        _ => format!("{whole_digits}.{decimal_digits}"),
    };
    if let ([whole], [first, ..]) = (whole, decimals) {
        let is_unclear = first.sign == ',' || point == Point::Unclear;
        let may_be_thousands = (1..=3).contains(&whole.digits.len()) && !whole.digits.starts_with('0');
        if is_unclear && may_be_thousands && decimals.iter().all(|group| group.digits.len() == 3) {
            let [first, second] =
                [text, whole_digits + &decimal_digits].map(|text| number_from_text(&text).unwrap_or_default());
            return Err(Fault::two_readings(written(), first, second, point == Point::Unclear));
        }
    }
    Ok(Some(Literal { text, end }))
}

/// The group that the decimals start with.
fn decimals_at(groups: &[Group]) -> Option<usize> {
    let at = |sign: char| {
        let is_it = |group: &Group| group.sign == sign;
        (groups.iter().filter(|group| is_it(group)).count(), groups.iter().rposition(is_it))
    };
    match (at('.'), at(',')) {
        // Two of a kind can only stand between thousands.
        ((1, last), (0, _)) | ((0, _), (1, last)) => last,
        // The last one, if it is the only one of its kind.
        ((points, point), (commas, comma)) if points > 0 && commas > 0 => {
            let (n, last) = if point > comma { (points, point) } else { (commas, comma) };
            last.filter(|_| n == 1)
        }
        _ => None,
    }
}

/// Whether digits before the decimals stand in groups of three; of two before the last one with commas, as in India.
fn is_grouped(groups: &[Group]) -> bool {
    let [first, later @ ..] = groups else { return true };
    let Some(last) = later.last() else { return true };
    let sign = last.sign;
    let middle = &later[..later.len() - 1];
    let size = middle.first().map_or(3, |group| group.digits.len());
    (1..=3).contains(&first.digits.len())
        && !first.digits.starts_with('0')
        && last.digits.len() == 3
        && (size == 3 || (size == 2 && sign == ',' && first.digits.len() <= 2))
        && middle.iter().all(|group| group.sign == sign && group.digits.len() == size)
}

/// Whether digits behind a decimal point stand together, or in groups of three with spaces.
fn are_decimals(groups: &[Group]) -> bool {
    let [full @ .., last] = groups else { return true };
    let later = groups.iter().skip(1);
    full.iter().all(|group| group.digits.len() == 3)
        && (full.is_empty() || (1..=3).contains(&last.digits.len()))
        && later.into_iter().all(|group| group.sign == ' ')
}

/// The groups of digits from here on, and where they end. The first one's sign says nothing.
fn groups(chars: &[char], start: usize) -> (Vec<Group>, usize) {
    let digits_at = |at: usize| {
        let rest = chars.get(at..).unwrap_or_default();
        rest.iter().take_while(|c| c.is_ascii_digit()).collect::<String>()
    };
    let first = Group { sign: ' ', digits: digits_at(start) };
    let mut end = start + first.digits.len();
    let mut groups = vec![first];
    while let Some(&sign) = chars.get(end) {
        let digits = digits_at(end + 1);
        let before = groups.last().map_or(0, |group| group.digits.len());
        let goes_on = match sign {
            '.' => !digits.is_empty() || (before > 0 && groups.len() == 1),
            // A comma behind a number is only forgiven at the end.
            ',' => !digits.is_empty() || (before > 0 && chars[end + 1..].iter().all(|c| *c == ' ')),
            '\'' | '_' => !digits.is_empty() && before > 0,
            // Two numbers side by side are none.
            ' ' => {
                let in_decimals = groups.iter().any(|group| matches!(group.sign, '.' | ','));
                match digits.len() {
                    3 => (1..=3).contains(&before),
                    1 | 2 => in_decimals && before == 3,
                    _ => false,
                }
            }
            _ => false,
        };
        if !goes_on {
            break;
        }
        end += 1 + digits.len();
        let is_last = digits.is_empty();
        if !is_last || sign == '.' {
            groups.push(Group { sign, digits });
        }
        if is_last {
            break;
        }
    }
    (groups, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, point: Point) -> Result<Option<(String, usize)>, Fault> {
        let chars: Vec<char> = text.chars().collect();
        literal(&chars, 0, point).map(|found| found.map(|l| (l.text, l.end)))
    }

    #[test]
    fn decimals_and_thousands_of_all_countries() {
        for (text, number) in [
            ("0,3", "0.3"),
            ("1,5", "1.5"),
            (",5", ".5"),
            (".5", ".5"),
            ("5.", "5."),
            ("5,", "5"),
            ("0,123", "0.123"),
            ("1234,567", "1234.567"),
            ("1,2345", "1.2345"),
            ("12,34", "12.34"),
            ("1.234", "1.234"),
            ("2.000", "2.000"),
            ("1.234,5", "1234.5"),
            ("1,234.5", "1234.5"),
            ("1.234,567", "1234.567"),
            ("1,234.567", "1234.567"),
            ("1,234,567", "1234567"),
            ("1.234.567", "1234567"),
            ("1.234.567,89", "1234567.89"),
            ("1,234,567.89", "1234567.89"),
            ("12,34,567", "1234567"),
            ("1,23,45,678.9", "12345678.9"),
            ("1 000", "1000"),
            ("12 345 678", "12345678"),
            ("1'000", "1000"),
            ("1'000'000.5", "1000000.5"),
            ("1_000", "1000"),
            ("1 000,5", "1000.5"),
            ("1 000,500", "1000.500"),
            ("3.141 592 65", "3.14159265"),
            ("0,000 001", "0.000001"),
            ("3,141 59", "3.14159"),
            ("001,234", "001.234"),
        ] {
            assert_eq!(read(text, Point::Decimal), Ok(Some((number.to_owned(), text.chars().count()))), "{text}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        for (text, first, second) in [
            ("1,234", "1.234", "1234"),
            ("1,000", "1", "1000"),
            ("12,500", "12.5", "12500"),
            ("999,999,", "999.999", "999999"),
            ("3,141 592", "3.141592", "3141592"),
        ] {
            let fault = read(text, Point::Decimal);
            let (first, second, offered) = (first.to_owned(), second.to_owned(), format!("{first} or {second}"));
            let text = text.trim_end_matches(',').to_owned();
            assert_eq!(fault, Err(Fault::TwoReadings { text, first, second, offered }));
        }
        let fault = read("2.000", Point::Unclear).unwrap_err();
        assert_eq!(fault.to_string(), "“2.000” can be read as 2 and as 2000: write 2 or 2000");
        for text in ["2.0", "2.00", "0.500", "2.0000", "1234.000", "1 234.000"] {
            assert!(read(text, Point::Unclear).is_ok(), "{text}");
        }
    }

    #[test]
    fn groups_that_are_no_thousands_are_refused() {
        for text in [
            "1.2.3",
            "1,2,3",
            "0,123,456",
            "1,234,56",
            "1.23,4.5",
            "1'00",
            "1_0",
            "1,234.5,6",
            "1.234.567.89",
            "12,345,67.8",
            "1,234'567",
            "1..5",
            "1.5'000",
            "0'123",
        ] {
            let is_cut = matches!(read(text, Point::Decimal), Ok(Some((_, end))) if end < text.len());
            assert!(is_cut || matches!(read(text, Point::Decimal), Err(Fault::Groups { .. })), "{text}");
        }
        assert_eq!(read("x", Point::Decimal), Ok(None));
        assert_eq!(read(".", Point::Decimal), Ok(None));
        assert_eq!(read("1 2", Point::Decimal), Ok(Some(("1".to_owned(), 1))));
        assert_eq!(read("2, 3", Point::Decimal), Ok(Some(("2".to_owned(), 1))));
    }
}
