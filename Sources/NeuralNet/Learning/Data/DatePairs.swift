import TensorCore

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
    return CivilDate.forms[form](date(index)).map(\.text).joined()
  }

  /// For each letter of an ISO date those of a text that tell it; nil for the hyphens, which all tell. Nil
  /// where the text is the date in none of the forms here.
  public static func alignment(of text: String, to iso: String) -> [Set<Int>?]? {
    guard let date = CivilDate(iso: iso) else { return nil }
    let pieces = CivilDate.forms.lazy.map { $0(date) }.first { pieces in
      pieces.map(\.text).joined() == text.lowercased()
    }
    guard let pieces else { return nil }
    var told = [Set<Int>?](repeating: nil, count: written)
    var start = 0
    for piece in pieces {
      let letters = start..<start + piece.text.count
      switch piece {
      case .plain: break
      case .month: (told[5], told[6]) = (Set(letters), Set(letters))
      case .day: (told[8], told[9]) = (Set(letters), Set(letters))
      case .year:
        // Of a short one both digits tell the century.
        let digits = Array(letters.suffix(2))
        let century = letters.count == 4 ? letters.map { [$0] } : [digits, digits]
        for place in 0..<2 {
          told[place] = Set(century[place])
          told[2 + place] = [digits[place]]
        }
      }
      start = letters.upperBound
    }
    return told
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

  /// The day that an ISO date says; nil where it says none of those here.
  init?(iso: String) {
    let numbers = iso.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard numbers.count == 3, (1950...2049).contains(numbers[0]), (1...12).contains(numbers[1]),
      (1...CivilDate.length(numbers[0], numbers[1])).contains(numbers[2])
    else { return nil }
    let years = (1950..<numbers[0]).reduce(0) { $0 + CivilDate.length($1) }
    let months = (1..<numbers[1]).reduce(0) { $0 + CivilDate.length(numbers[0], $1) }
    self.init(day: years + months + numbers[2] - 1)
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

  private var full: Piece { .year("\(year)") }
  private var number: Piece { .day("\(day)") }

  /// `1st`, `2nd`, `3rd`, `11th`.
  private var ordinal: Piece {
    let ending =
      (11...13).contains(day) ? "th" : [1: "st", 2: "nd", 3: "rd"][day % 10, default: "th"]
    return .day("\(day)\(ending)")
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]
  private static let weekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]

  private var name: String { CivilDate.months[month - 1] }
  private var named: Piece { .month(name) }
  private var short: Piece { .month(String(name.prefix(3))) }
  private var weekdayName: String { CivilDate.weekdays[weekday] }

  /// A part of a written date, and what it tells.
  enum Piece: ExpressibleByStringLiteral {
    case plain(String)
    case year(String)
    case month(String)
    case day(String)

    init(stringLiteral text: String) { self = .plain(text) }

    var text: String {
      switch self {
      case .plain(let text), .year(let text), .month(let text), .day(let text): text
      }
    }
  }

  /// How people write dates. A year of two digits is read as one of 1950 to 2049, and numbers alone stand
  /// with the day first, where dots are, and with the year first, where slashes are.
  static let forms: [@Sendable (CivilDate) -> [Piece]] = [
    { [$0.number, " ", $0.named, " ", $0.full] },
    { [$0.ordinal, " of ", $0.named, " ", $0.full] },
    { ["the ", $0.ordinal, " of ", $0.named, ", ", $0.full] },
    { [$0.named, " ", $0.number, ", ", $0.full] },
    { [$0.named, " ", $0.ordinal, ", ", $0.full] },
    { [$0.ordinal, " ", $0.named, " ", $0.full] },
    { [$0.number, " ", $0.short, " ", $0.full] },
    { [$0.short, " ", $0.number, ", ", $0.full] },
    { [$0.number, "-", $0.short, "-", $0.full] },
    { [$0.number, " ", $0.short, ". '", .year(two($0.year % 100))] },
    { [.plain($0.weekdayName + " "), $0.number, " ", $0.named, " ", $0.full] },
    { [.plain($0.weekdayName + ", "), $0.named, " ", $0.number, ", ", $0.full] },
    { [.plain($0.weekdayName.prefix(3) + " "), $0.number, " ", $0.short, " ", $0.full] },
    { [$0.number, ".", .month("\($0.month)"), ".", $0.full] },
    { [.day(two($0.day)), ".", .month(two($0.month)), ".", $0.full] },
    { [$0.full, "/", .month(two($0.month)), "/", .day(two($0.day))] },
    { [$0.full, " ", $0.named, " ", $0.number] },
  ]
}
