// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library: a Swift target with the language settings every target shares.
/// - Parameter computes: whether it is optimised in debug builds too, because tests compute with it
func library(
  _ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil,
  exclude: [String] = [], computes: Bool = false
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path, exclude: exclude,
    swiftSettings: strict
      + (computes ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : []))
}

func program(
  _ name: String, _ dependencies: [Target.Dependency], path: String? = nil
) -> Target {
  .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

func system(_ name: String, apt: String) -> Target {
  .systemLibrary(name: name, providers: [.apt([apt])])
}

let package = Package(
  name: "dropscope",
  products: [
    .executable(name: "dropscope", targets: ["dropscope"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    // Without streams, which alone want Foundation and with it 40 MB of ICU to load at each start.
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0", traits: []),
    .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
  ],
  targets: [
    // 7: the program's first line; all else of it is a library, so that tests and fuzzers can call it
    program(
      "dropscope",
      ["Program", .product(name: "ArgumentParser", package: "swift-argument-parser")]),

    // 6: the programs
    library(
      "Program",
      [
        "CursesBackend", "Formats", "Insight", "Masks", "NeuralNet", "Scope", "Studies",
        "TensorCore", "TerminalUI",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ]),
    program(
      "Benchmarks",
      [
        "CTerminal", "Formats", "Insight", "Masks", "NeuralNet", "Scope", "Studies",
        "TensorCore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // Writes the files in assets/; run by hand, its output is committed.
    program("MakeAssets", ["Formats", "NeuralNet", "TensorCore"]),

    // 5: what the screen is
    library("Scope", ["Insight", "Masks", "NeuralNet", "Studies", "TensorCore", "TerminalUI"]),

    // 4: what is found out: one view of a network, and the long work on it
    library("Studies", ["Insight", "Masks", "NeuralNet", "TensorCore"], computes: true),

    // 3: files in and out; numbers about activations
    library(
      "Formats",
      [
        "Assets", "CJPEG", "CPNG", "CZlib", "NeuralNet", "TensorCore",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ], exclude: ["ONNX/onnx.proto"], computes: true),
    library("Insight", ["Masks", "NeuralNet", "TensorCore"], computes: true),

    // 2: graphs and operators
    library("NeuralNet", ["Masks", "TensorCore"], computes: true),

    // 1: masks; the terminal itself
    library("Masks", ["TensorCore"], computes: true),
    library("CursesBackend", ["CNcurses", "CTerminal", "TerminalUI"]),

    // 0: numbers; cells
    library("TensorCore", ["CFourier", "CKernels", "CMalloc"], computes: true),
    library("TerminalUI"),

    // The built-in digits, models and font, carried inside the binary.
    .target(
      name: "Assets", path: "assets",
      exclude: [
        "dates.onnx.gz", "digits.idx", "digits.md", "digits.onnx", "edges.onnx", "font-10x20.bin",
        "lessons", "make_font.py", "make_models.py", "models.md", "screen.png", "studies",
        "unet.onnx.gz",
      ]),

    // Products, convolutions, functions and random numbers with the widest instructions the processor
    // has; in debug builds too they must be fit to be waited for.
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O2"])]),

    // Fast Fourier transforms: the header of KISS FFT (libkissfft-dev) in double precision.
    .target(name: "CFourier", cxxSettings: [.unsafeFlags(["-O2"])]),

    // C libraries
    system("CMalloc", apt: "libc6-dev"),
    system("CNcurses", apt: "libncursesw5-dev"),
    system("CPNG", apt: "libpng-dev"),
    system("CZlib", apt: "zlib1g-dev"),
    .target(name: "CTerminal", linkerSettings: [.linkedLibrary("tinfo")]),
    .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),

    // Tests, and what they share: nothing else imports it. TestSupport stands on floor 0, so that every
    // test target can have it; networks need what runs them.
    .target(
      name: "TestSupport", dependencies: ["CTerminal"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .target(
      name: "TestNetworks",
      dependencies: ["Formats", "Masks", "NeuralNet", "Studies", "TensorCore"],
      path: "Tests/TestNetworks", swiftSettings: strict),
    // What is done with hostile bytes, an entry a reader; the fuzzer and a test both run it.
    .target(
      name: "FuzzEntries",
      dependencies: [
        "CZlib", "Formats", "Masks", "NeuralNet", "Program", "Scope", "Studies", "TensorCore",
        "TerminalUI", "TestNetworks", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Tests/FuzzEntries", swiftSettings: strict),
    tests("FuzzTests", ["FuzzEntries", "TestSupport"]),
    tests("TensorCoreTests", ["CKernels", "TensorCore"]),
    tests("TerminalUITests", ["TerminalUI", "TestSupport"]),
    tests("CursesBackendTests", ["CursesBackend", "TerminalUI", "TestSupport"]),
    tests("MasksTests", ["Masks", "TensorCore", "TestSupport"]),
    tests(
      "NeuralNetTests", ["Masks", "NeuralNet", "TensorCore", "TestNetworks", "TestSupport"]),
    tests(
      "FormatsTests",
      [
        "Formats", "Masks", "NeuralNet", "TensorCore", "TestNetworks", "TestSupport",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]),
    tests(
      "InsightTests",
      [
        "Formats", "Insight", "Masks", "NeuralNet", "TensorCore", "TestNetworks", "TestSupport",
      ]),
    tests(
      "StudiesTests",
      [
        "Insight", "Masks", "NeuralNet", "Studies", "TensorCore", "TestNetworks", "TestSupport",
      ]),
    tests(
      "ScopeTests",
      [
        "Formats", "Insight", "Masks", "NeuralNet", "Scope", "Studies", "TensorCore", "TerminalUI",
        "TestNetworks", "TestSupport",
      ], exclude: ["Snapshots"]),
    // Dies on a full screen in every way there is; started by ProgramTests.
    .executableTarget(
      name: "Crasher", dependencies: ["CursesBackend", "TerminalUI"], path: "Tests/Crasher",
      swiftSettings: strict),
    tests(
      "ProgramTests",
      [
        "Crasher", "Formats", "Insight", "Masks", "NeuralNet", "Program", "Scope", "Studies",
        "TensorCore", "TerminalUI", "TestSupport", "dropscope",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ]),
  ],
  cLanguageStandard: .c2x
)

// libFuzzer's program, built by Tests/Fuzz/run.sh alone: it needs the fuzzer's runtime, and its
// instructions in every target.
if Context.environment["DROPSCOPE_FUZZ"] == "1" {
  package.targets += [
    .target(name: "CFuzzer", path: "Tests/CFuzzer"),
    .executableTarget(
      name: "Fuzz", dependencies: ["CFuzzer", "FuzzEntries"], path: "Tests/Fuzz",
      exclude: ["Corpus", "Dictionaries", "README.md", "leaks.supp", "run.sh"],
      swiftSettings: strict),
  ]
}
