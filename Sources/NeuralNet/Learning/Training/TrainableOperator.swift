/// An operator with inputs that training changes where they are constants.
public protocol TrainableOperator: Operator {
  /// The inputs, in order, each with the axis of its array along which units or feature maps lie;
  /// nil for a bias, which has no weights of its own for each unit. −1 is the last axis.
  var parameterInputs: [(input: Int, unitAxis: Int?)] { get }
}
