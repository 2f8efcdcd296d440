namespace TrafficFlow.Vision.BuiltIn;

/// <summary>In which numbers our own detector reckons.</summary>
public enum BuiltInPrecision
{
    Float32,

    /// <summary>Eight bits, the first and the last layers in float.</summary>
    Int8,
}

/// <summary>Names of the precisions in settings.</summary>
public static class BuiltInPrecisionNames
{
    public static string Name(this BuiltInPrecision precision) => precision switch
    {
        BuiltInPrecision.Float32 => "float32",
        BuiltInPrecision.Int8 => "int8",
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "no such precision"),
    };
}
