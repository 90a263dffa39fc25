/// A place in the digit's own box: x to the right, y down, 0 … 1 over the height.
struct Point: Hashable, Sendable {
  var x: Float
  var y: Float
  init(_ x: Float, _ y: Float) { (self.x, self.y) = (x, y) }
}

/// How each digit is written: for every digit its forms, for every form its strokes, for every
/// stroke the points the pen passes through in a smooth curve. A corner ends a stroke; the next one
/// starts there.
///
/// Drawn for this project by looking at how people write; no data set was used.
enum DigitStrokes {
  typealias Form = [[Point]]

  static func form(_ digit: Int, _ number: Int) -> Form {
    let forms = all[digit]
    return forms[((number % forms.count) + forms.count) % forms.count]
  }

  private static let all: [[Form]] = [
    zero, one, two, three, four, five, six, seven, eight, nine,
  ]

  private static func p(_ x: Float, _ y: Float) -> Point { Point(x, y) }

  private static let zero: [Form] = [
    [
      [
        p(0.56, 0.04), p(0.36, 0.06), p(0.16, 0.26), p(0.06, 0.56), p(0.14, 0.86), p(0.36, 0.98),
        p(0.60, 0.88), p(0.76, 0.60), p(0.78, 0.30), p(0.66, 0.08), p(0.44, 0.02), p(0.34, 0.08),
      ]
    ]
  ]

  private static let one: [Form] = [
    [[p(0.60, 0.00), p(0.52, 0.32), p(0.44, 0.66), p(0.38, 1.00)]],
    [
      [p(0.28, 0.24), p(0.44, 0.14), p(0.54, 0.00)],
      [p(0.54, 0.00), p(0.52, 0.34), p(0.48, 0.68), p(0.46, 1.00)],
    ],
  ]

  private static let two: [Form] = [
    [
      [
        p(0.12, 0.22), p(0.24, 0.06), p(0.46, 0.00), p(0.66, 0.08), p(0.70, 0.28), p(0.56, 0.50),
        p(0.32, 0.74), p(0.06, 0.96),
      ],
      [p(0.06, 0.96), p(0.30, 0.92), p(0.56, 0.95), p(0.86, 0.92)],
    ],
    [
      [
        p(0.14, 0.18), p(0.32, 0.03), p(0.56, 0.03), p(0.68, 0.20), p(0.60, 0.44), p(0.42, 0.70),
        p(0.22, 0.92), p(0.06, 0.94), p(0.08, 0.80), p(0.26, 0.80), p(0.50, 0.94), p(0.72, 0.98),
        p(0.88, 0.88),
      ]
    ],
  ]

  private static let three: [Form] = [
    [
      [p(0.12, 0.12), p(0.32, 0.01), p(0.56, 0.03), p(0.66, 0.18), p(0.56, 0.36), p(0.32, 0.46)],
      [
        p(0.32, 0.46), p(0.58, 0.50), p(0.70, 0.68), p(0.60, 0.88), p(0.36, 0.99), p(0.14, 0.96),
        p(0.02, 0.86),
      ],
    ]
  ]

  private static let four: [Form] = [
    [
      [p(0.20, 0.02), p(0.14, 0.26), p(0.06, 0.50)],
      [p(0.06, 0.50), p(0.26, 0.56), p(0.52, 0.53), p(0.82, 0.46)],
      [p(0.66, 0.06), p(0.62, 0.36), p(0.56, 0.68), p(0.52, 1.00)],
    ],
    [
      [p(0.62, 0.00), p(0.38, 0.26), p(0.06, 0.60)],
      [p(0.06, 0.60), p(0.34, 0.63), p(0.62, 0.61), p(0.86, 0.58)],
      [p(0.62, 0.00), p(0.60, 0.34), p(0.57, 0.68), p(0.54, 1.00)],
    ],
  ]

  private static let five: [Form] = [
    [
      [p(0.80, 0.02), p(0.56, 0.05), p(0.30, 0.05)],
      [p(0.30, 0.05), p(0.24, 0.24), p(0.18, 0.44)],
      [
        p(0.18, 0.44), p(0.40, 0.37), p(0.62, 0.46), p(0.68, 0.66), p(0.56, 0.87), p(0.32, 0.98),
        p(0.06, 0.92),
      ],
    ]
  ]

  private static let six: [Form] = [
    [
      [
        p(0.60, 0.00), p(0.36, 0.18), p(0.16, 0.46), p(0.08, 0.74), p(0.20, 0.95), p(0.42, 0.98),
        p(0.60, 0.84), p(0.60, 0.64), p(0.44, 0.54), p(0.26, 0.62), p(0.14, 0.82),
      ]
    ]
  ]

  private static let seven: [Form] = [
    [
      [p(0.02, 0.16), p(0.11, 0.08), p(0.38, 0.11), p(0.76, 0.04)],
      [p(0.76, 0.04), p(0.66, 0.24), p(0.48, 0.50), p(0.35, 0.76), p(0.28, 1.00)],
    ],
    [
      [p(0.06, 0.16), p(0.12, 0.06), p(0.42, 0.07), p(0.76, 0.03)],
      [p(0.76, 0.03), p(0.62, 0.30), p(0.46, 0.62), p(0.36, 1.00)],
      [p(0.26, 0.55), p(0.48, 0.52), p(0.72, 0.50)],
    ],
  ]

  private static let eight: [Form] = [
    [
      [
        p(0.66, 0.12), p(0.48, 0.01), p(0.26, 0.08), p(0.22, 0.26), p(0.38, 0.43), p(0.56, 0.60),
        p(0.60, 0.82), p(0.42, 0.98), p(0.18, 0.92), p(0.12, 0.72), p(0.30, 0.54), p(0.54, 0.38),
        p(0.68, 0.20), p(0.62, 0.09),
      ]
    ]
  ]

  private static let nine: [Form] = [
    [
      [
        p(0.66, 0.14), p(0.48, 0.01), p(0.24, 0.08), p(0.12, 0.28), p(0.22, 0.46), p(0.44, 0.44),
        p(0.60, 0.28), p(0.66, 0.12),
      ],
      [p(0.66, 0.12), p(0.64, 0.40), p(0.58, 0.70), p(0.50, 1.00)],
    ]
  ]
}
