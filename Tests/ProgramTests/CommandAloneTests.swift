import ArgumentParser
import Testing

@testable import Program

/// A command read by itself is the one that all of them together would give.
struct CommandAloneTests {
  private static let lines = [
    [], ["seven"], ["view", "three", "--rate", ".25"], ["--rate", ".25", "three"], ["--", "help"],
    ["play", "x.ds"], ["render", "-o", "a.png"], ["export", "--stage", "mask", "-o", "m.npy"],
    ["run", "edges", "--input", "input=x.npy", "-o", "out"], ["train", "--list"],
    ["info", "edges"], ["edit", "m.onnx", "-o", "n.onnx"],
  ]

  @Test(arguments: lines)
  func isTheSame(_ arguments: [String]) throws {
    let all = try Dropscope.parseAsRoot(arguments)
    let alone = try #require(Dropscope.commandAlone(arguments))
    #expect(type(of: alone) == type(of: all))
    #expect("\(alone)" == "\(all)")
  }

  /// Help, versions, scripts for shells and what is wrong belong to all of them.
  @Test(arguments: [
    ["--help"], ["-h"], ["help"], ["help", "view"], ["info", "--help"], ["--version"],
    ["--generate-completion-script", "bash"], ["--no-such-option"], ["view", "--index", "much"],
    ["seven", "eight", "nine"], ["--experimental-dump-help"],
  ])
  func isNot(_ arguments: [String]) { #expect(Dropscope.commandAlone(arguments) == nil) }

  @Test func everyCommandSaysItsName() {
    for command in Dropscope.configuration.subcommands {
      // Made of the type's name otherwise, which takes long.
      #expect(command.configuration.commandName != nil, "\(command)")
    }
  }
}
