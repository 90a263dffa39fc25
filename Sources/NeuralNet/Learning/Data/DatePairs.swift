public import TensorCore

/// Dates as people write them, and as ISO 8601 does: `3rd of may 2017` and `2017-05-03`. Each of the 36,525
/// days from 1950 to 2049 comes once before any comes again, in an order of the seed: days held out are
/// then none of those learned from. Pair `index` depends on the seed and the index alone.
public struct DatePairs: Dataset {
  /// What is read, letter by letter; the first stands behind the end of what is shorter.
  public static let letters = Vocabulary(
    words: [""] + " ',-./0123456789abcdefghijklmnopqrstuvwxyz".map { String($0) })
  /// What is written.
  public static let digits = Vocabulary(words: "-0123456789".map { String($0) })
  /// Letters of the longest text, and of an ISO date.
  public static let (longest, written) = (30, 10)

  public let count: Int
  public var unit: String { "dates" }
  private let stream: RandomStream
  private let order: [Int]

  /// So many pairs from a seed.
  public init(count: Int, seed: UInt64) {
    precondition(count >= 0, "\(count) dates")
    self.count = count
    stream = RandomStream(seed: seed, site: RandomStream.site(named: "dates"))
    order = Shuffle.order(count: CivilDate.days, seed: seed, epoch: 0)
  }

  /// Letters `[N,T]`, as many as the longest text has, and the digits of each date.
  public func batch(_ indices: [Int]) throws -> Batch {
    let texts = try indices.map { try DatePairs.letters.tokens(of: text($0)) }
    let longest = texts.map(\.count).max() ?? 0
    let rows = texts.flatMap { $0 + Array(repeating: 0, count: longest - $0.count) }
    let wanted = try indices.flatMap { try DatePairs.digits.tokens(of: date($0).iso) }
    return Batch([.int64(NDArray([indices.count, longest], rows))], .tokens(wanted.map(Int.init)))
  }

  /// The date of a pair.
  public func date(_ index: Int) -> CivilDate { CivilDate(day: order[index % CivilDate.days]) }

  /// How a pair's date is written.
  public func text(_ index: Int) -> String {
    let form = Int(stream.ofSample(index).word(at: 0)) % CivilDate.forms.count
    return CivilDate.forms[form](date(index))
  }
}

/// A day of the Gregorian calendar from 1950 to 2049.
public struct CivilDate: Equatable, Sendable {
  public let (year, month, day): (Int, Int, Int)
  /// 0 for Monday.
  public let weekday: Int

  /// How many there are.
  static let days = 36_525

  /// A day by its number, 0 for 1 January 1950, a Sunday.
  init(day number: Int) {
    weekday = (number + 6) % 7
    var (year, rest) = (1950, number)
    while rest >= CivilDate.length(year) {
      rest -= CivilDate.length(year)
      year += 1
    }
    var month = 1
    while rest >= CivilDate.length(year, month) {
      rest -= CivilDate.length(year, month)
      month += 1
    }
    (self.year, self.month, day) = (year, month, rest + 1)
  }

  private static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  private static func length(_ year: Int) -> Int { isLeap(year) ? 366 : 365 }

  private static func length(_ year: Int, _ month: Int) -> Int {
    month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// `2017-05-03`
  public var iso: String { "\(year)-\(CivilDate.two(month))-\(CivilDate.two(day))" }

  private static func two(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }

  /// `1st`, `2nd`, `3rd`, `11th`.
  var ordinal: String {
    let ending =
      (11...13).contains(day) ? "th" : [1: "st", 2: "nd", 3: "rd"][day % 10, default: "th"]
    return "\(day)\(ending)"
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]
  private static let weekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]

  private var name: String { CivilDate.months[month - 1] }
  private var shortName: String { String(name.prefix(3)) }
  private var shortYear: String { "'" + CivilDate.two(year % 100) }
  private var weekdayName: String { CivilDate.weekdays[weekday] }

  /// How people write dates. A year of two digits is read as one of 1950 to 2049, and numbers alone stand
  /// with the day first, where dots are, and with the year first, where slashes are.
  static let forms: [@Sendable (CivilDate) -> String] = [
    { "\($0.day) \($0.name) \($0.year)" },
    { "\($0.ordinal) of \($0.name) \($0.year)" },
    { "the \($0.ordinal) of \($0.name), \($0.year)" },
    { "\($0.name) \($0.day), \($0.year)" },
    { "\($0.name) \($0.ordinal), \($0.year)" },
    { "\($0.ordinal) \($0.name) \($0.year)" },
    { "\($0.day) \($0.shortName) \($0.year)" },
    { "\($0.shortName) \($0.day), \($0.year)" },
    { "\($0.day)-\($0.shortName)-\($0.year)" },
    { "\($0.day) \($0.shortName). \($0.shortYear)" },
    { "\($0.weekdayName) \($0.day) \($0.name) \($0.year)" },
    { "\($0.weekdayName), \($0.name) \($0.day), \($0.year)" },
    { "\($0.weekdayName.prefix(3)) \($0.day) \($0.shortName) \($0.year)" },
    { "\($0.day).\($0.month).\($0.year)" },
    { "\(two($0.day)).\(two($0.month)).\($0.year)" },
    { "\($0.year)/\(two($0.month))/\(two($0.day))" },
    { "\($0.year) \($0.name) \($0.day)" },
  ]
}
