using System.Runtime.Intrinsics.X86;

namespace TrafficFlow.Vision.BuiltIn;

/// <summary>What the processor can do for eight-bit networks.</summary>
/// <param name="HasAvx2">Without it ONNX Runtime reckons eight bits some times slower than float32.</param>
public sealed record Int8Support(bool HasAvx2)
{
    public static Int8Support OfThisMachine { get; } = new(Avx2.IsSupported);

    /// <summary>Why int8 is not used here; null where it is.</summary>
    public string? Obstacle => HasAvx2 ? null : "this processor has no AVX2 instructions, without which int8 is slower than float32";
}
