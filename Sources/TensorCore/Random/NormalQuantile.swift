#if canImport(Glibc)
  import Glibc
#endif

/// The standard normal distribution.
public enum Normal {
  /// The value below which a standard normal number lies with probability p: the inverse of the
  /// distribution function, by the rational approximations of Wichura, "Algorithm AS 241", Applied
  /// Statistics 37 (1988), his PPND16 without the far tails; relative error below 10⁻¹⁵.
  /// - Parameter p: a probability from 10⁻¹⁰ to 1 − 10⁻¹⁰
  public static func quantile(_ p: Double) -> Double {
    precondition(p >= 1e-10 && p <= 1 - 1e-10, "a quantile of \(p)")
    let q = p - 0.5
    if abs(q) <= 0.425 {
      let r = 0.180625 - q * q
      var over = 2509.0809287301226727
      over = over * r + 33430.575583588128105
      over = over * r + 67265.770927008700853
      over = over * r + 45921.953931549871457
      over = over * r + 13731.693765509461125
      over = over * r + 1971.5909503065514427
      over = over * r + 133.14166789178437745
      over = over * r + 3.3871328727963666080
      var under = 5226.4952788528545610
      under = under * r + 28729.085735721942674
      under = under * r + 39307.895800092710610
      under = under * r + 21213.794301586595867
      under = under * r + 5394.1960214247511077
      under = under * r + 687.18700749205790830
      under = under * r + 42.313330701600911252
      return q * over / (under * r + 1)
    }
    let r = (-log(min(p, 1 - p))).squareRoot() - 1.6
    var over = 7.74545014278341407640e-4
    over = over * r + 2.27238449892691845833e-2
    over = over * r + 2.41780725177450611770e-1
    over = over * r + 1.27045825245236838258
    over = over * r + 3.64784832476320460504
    over = over * r + 5.76949722146069140550
    over = over * r + 4.63033784615654529590
    over = over * r + 1.42343711074968357734
    var under = 1.05075007164441684324e-9
    under = under * r + 5.47593808499534494600e-4
    under = under * r + 1.51986665636164571966e-2
    under = under * r + 1.48103976427480074590e-1
    under = under * r + 6.89767334985100004550e-1
    under = under * r + 1.67638483018380384940
    under = under * r + 2.05319162663775882187
    let x = over / (under * r + 1)
    return q < 0 ? -x : x
  }
}
