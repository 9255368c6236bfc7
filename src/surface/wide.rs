//! Loops over rows, compiled three times: for any machine and for those with registers of 256 and of 512 bits.
//!
//! All versions do the same operations in the same order and none of them is fused, so they give the same bits; the
//! choice is made when the program runs. Nothing that ships needs more than the oldest 64-bit machine.

/// Makes of one function over slices three, and calls the widest that the machine can run.
macro_rules! vectorised {
    ($(#[$doc:meta])* $vis:vis fn $name:ident<R: Real>($($arg:ident: $type:ty),* $(,)?) $body:block) => {
        $(#[$doc])*
        #[allow(clippy::too_many_arguments)]
        $vis fn $name<R: Real>($($arg: $type),*) {
            #[inline(always)]
            fn body<R: Real>($($arg: $type),*) $body
            #[inline(never)]
            fn any<R: Real>($($arg: $type),*) {
                body($($arg),*);
            }
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn wide<R: Real>($($arg: $type),*) {
                    body($($arg),*);
                }
                #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
                fn wider<R: Real>($($arg: $type),*) {
                    body($($arg),*);
                }
                if std::arch::is_x86_feature_detected!("avx512f")
                    && std::arch::is_x86_feature_detected!("avx512vl")
                    && std::arch::is_x86_feature_detected!("avx512dq")
                    && std::arch::is_x86_feature_detected!("avx512bw")
                {
                    // SAFETY: the machine has just said that it has these registers
                    unsafe { wider($($arg),*) };
                    return;
                }
                if std::arch::is_x86_feature_detected!("avx2") {
                    // SAFETY: the machine has just said that it has these registers
                    unsafe { wide($($arg),*) };
                    return;
                }
            }
            any($($arg),*);
        }
    };
}
pub(crate) use vectorised;
