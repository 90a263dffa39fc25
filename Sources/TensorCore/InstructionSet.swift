internal import CKernels

/// The instructions that kernels run with.
public enum InstructionSet {
  /// `avx512`, `avx2` or `baseline`: the widest that the processor has, or a narrower one that
  /// DROPSCOPE_ISA names.
  public static var chosen: String { String(cString: ck_set_name(ck_chosen())) }
}
