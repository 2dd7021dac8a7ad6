//! Constants and functions that a number may be written with.

use super::fault::Fault;

/// Functions with the same bits everywhere. On WebAssembly `std` has `libm`'s, and the page has them already; elsewhere it has
/// the system's.
mod maths {
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) use libm::{exp, log as ln, log2, log10, pow as powf};

    #[cfg(target_arch = "wasm32")]
    macro_rules! of_std {
        ($($name:ident($($x:ident),*);)*) => {
            $(pub(super) fn $name(x: f64 $(, $x: f64)*) -> f64 {
                x.$name($($x),*)
            })*
        };
    }

    #[cfg(target_arch = "wasm32")]
    of_std! { exp(); ln(); log2(); log10(); powf(y); }
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Word {
    Constant(f64),
    Function(Function),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Sqrt,
    Exp,
    Ln,
    Log2,
    Log10,
}

impl Word {
    /// The word at the head of some letters, and its length.
    ///
    /// # Errors
    /// [`Fault::WhichLogarithm`] for `log` alone.
    pub(super) fn at(chars: &[char]) -> Result<Option<(Self, usize)>, Fault> {
        const ALL: [(&str, Word); 10] = [
            ("sqrt", Word::Function(Function::Sqrt)),
            ("√", Word::Function(Function::Sqrt)),
            ("exp", Word::Function(Function::Exp)),
            ("ln", Word::Function(Function::Ln)),
            ("log2", Word::Function(Function::Log2)),
            ("log10", Word::Function(Function::Log10)),
            ("pi", Word::Constant(std::f64::consts::PI)),
            ("π", Word::Constant(std::f64::consts::PI)),
            ("tau", Word::Constant(std::f64::consts::TAU)),
            ("τ", Word::Constant(std::f64::consts::TAU)),
        ];
        let starts = |word: &str| {
            let mut rest = chars.iter();
            word.chars().all(|w| rest.next().is_some_and(|c| c.to_ascii_lowercase() == w))
        };
        if let Some((name, word)) = ALL.iter().find(|(name, _)| starts(name)) {
            return Ok(Some((*word, name.chars().count())));
        }
        if starts("log") && !chars.get(3).is_some_and(char::is_ascii_alphabetic) {
            return Err(Fault::WhichLogarithm);
        }
        Ok(starts("e").then_some((Self::Constant(std::f64::consts::E), 1)))
    }
}

impl Function {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sqrt => "sqrt",
            Self::Exp => "exp",
            Self::Ln => "ln",
            Self::Log2 => "log2",
            Self::Log10 => "log10",
        }
    }

    /// Its value.
    ///
    /// # Errors
    /// [`Fault::Undefined`] for the root of a negative number and a logarithm of one that is not positive.
    pub(super) fn of(self, x: f64) -> Result<f64, Fault> {
        let holds = match self {
            Self::Sqrt => x >= 0.0,
            Self::Exp => true,
            Self::Ln | Self::Log2 | Self::Log10 => x > 0.0,
        };
        if !holds {
            return Err(Fault::Undefined { function: self.name(), argument: format!("{x}") });
        }
        finite(match self {
            Self::Sqrt => x.sqrt(),
            Self::Exp => maths::exp(x),
            Self::Ln => maths::ln(x),
            Self::Log2 => maths::log2(x),
            Self::Log10 => maths::log10(x),
        })
    }
}

/// A number as it is.
///
/// # Errors
/// [`Fault::TooLarge`] for one that is infinite.
pub(super) fn finite(x: f64) -> Result<f64, Fault> {
    if x.is_finite() { Ok(x) } else { Err(Fault::TooLarge) }
}

/// base^exponent; whole powers by repeated products, so that 10^-3 is 0.001.
///
/// # Errors
/// [`Fault::DivisionByZero`] for a negative power of 0, [`Fault::Undefined`] for a broken one of a negative number,
/// [`Fault::TooLarge`].
pub(super) fn power(base: f64, exponent: f64) -> Result<f64, Fault> {
    if base == 0.0 && exponent < 0.0 {
        return Err(Fault::DivisionByZero);
    }
    let is_whole = exponent.fract() == 0.0;
    if base < 0.0 && !is_whole {
        return Err(Fault::Undefined { function: "a broken power", argument: format!("{base}") });
    }
    if !is_whole || exponent.abs() > 1024.0 {
        return finite(maths::powf(base, exponent));
    }
    let (mut result, mut square, mut rest) = (1.0, base, exponent.abs() as u32);
    while rest > 0 {
        if rest & 1 == 1 {
            result *= square;
        }
        square *= square;
        rest >>= 1;
    }
    finite(if exponent < 0.0 { 1.0 / result } else { result })
}
